"""What the environment says of captures: where their bytes are kept, and what they may reach."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from claims.fetching.results import Unreachable
from claims.fetching.urls import parse
from verify.folder import Folder

SHAPE = "s3://KEY:SECRET@HOST[:PORT]/BUCKET[/FOLDER][?region=REGION&tls=0]"


def storage(data: Folder) -> dict[str, Any]:
    """STORAGES["captures"]: the folder or S3 store that GALLEY_STORE names, else captures/ in the data folder."""
    named = os.environ.get("GALLEY_STORE", "")
    if not named:
        return {"BACKEND": "claims.store.Folder", "OPTIONS": {"location": str(data.captures), "made": True}}
    if not named.startswith("s3:"):
        return {"BACKEND": "claims.store.Folder", "OPTIONS": {"location": str(Path(named).absolute())}}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _s3(urlsplit(named))}


def folder(data: Folder) -> Path | None:
    """The folder of the store; None where it is none."""
    named = os.environ.get("GALLEY_STORE", "")
    if named.startswith("s3:"):
        return None
    return Path(named).absolute() if named else data.captures


def _s3(url: SplitResult) -> dict[str, Any]:
    """The options of a store that speaks S3. Objects are sent in one piece: a killed worker leaves no half of one."""
    from boto3.s3.transfer import TransferConfig  # heavy, and only for who needs it
    from botocore.config import Config

    more = {name: values[-1] for name, values in parse_qs(url.query).items()}
    bucket, _slash, folder = url.path.strip("/").partition("/")
    if not (url.hostname and url.username and url.password and bucket) or more.keys() - {"region", "tls"}:
        raise ImproperlyConfigured(f"GALLEY_STORE is no address of a store: {SHAPE}, or a folder.")
    scheme = "http" if more.get("tls") == "0" else "https"
    return {
        "access_key": unquote(url.username),
        "secret_key": unquote(url.password),
        "endpoint_url": f"{scheme}://{url.netloc.rpartition('@')[2]}",
        "bucket_name": bucket,
        "location": folder,
        "region_name": more.get("region", "us-east-1"),
        # what is larger is read by way of the disk
        "max_memory_size": 1024 * 1024,
        "transfer_config": TransferConfig(multipart_threshold=5 * 1024**3, use_threads=False),
        "client_config": Config(
            s3={"addressing_style": "path"},
            signature_version="s3v4",
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "max_attempts": 2},
            proxies={},
            # a checksum of their own is asked for by Amazon's own client alone
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    }


def local(is_local: bool) -> frozenset[str]:
    """The pairs "host:port" of this machine's network that captures may reach all the same (GALLEY_CAPTURE_LOCAL)."""
    named = frozenset(filter(None, os.environ.get("GALLEY_CAPTURE_LOCAL", "").replace(" ", "").split(",")))
    if named and not is_local:
        raise ImproperlyConfigured(
            "GALLEY_CAPTURE_LOCAL lets captures reach this machine’s own network, for tests: "
            "GALLEY_URL and DATABASE_URL forbid it."
        )
    if wrong := [pair for pair in named if not pair.rpartition(":")[2].isdecimal()]:
        raise ImproperlyConfigured(f"GALLEY_CAPTURE_LOCAL lists host:port, by commas; {wrong[0]} is none.")
    return named


def stamps() -> tuple[str, ...]:
    """The authorities that stamp captures (GALLEY_STAMPS), by their addresses."""
    named = filter(None, os.environ.get("GALLEY_STAMPS", "").replace(" ", "").split(","))
    return tuple(dict.fromkeys(_service("GALLEY_STAMPS", url) for url in named))


def archive() -> str:
    """The archive that is asked to keep pages too (GALLEY_ARCHIVE), with its key; a key goes over https alone."""
    named = os.environ.get("GALLEY_ARCHIVE", "")
    if not named:
        return ""
    parts = urlsplit(named)
    key, _at, host = parts.netloc.rpartition("@")
    _service("GALLEY_ARCHIVE", parts._replace(netloc=host).geturl())
    if key and (parts.scheme != "https" or ":" not in key):
        raise ImproperlyConfigured("GALLEY_ARCHIVE with a key is https://ACCESS:SECRET@HOST/PATH.")
    return named


def _service(setting: str, url: str) -> str:
    try:
        parse(url)
    except Unreachable as why:
        raise ImproperlyConfigured(f"{setting} names no address of the web: {why}") from why
    return url
