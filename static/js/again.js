// While the database is away: ask again every five seconds, and open the page once it answers.

const PAUSE = 5000;
const LIMIT = 24; // two minutes; after that a person decides
const says = document.getElementById("again");
let tries = 0;

async function ask() {
  tries += 1;
  says.querySelector("progress").value = tries;
  const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer && answer.status !== 503) location.reload();
  else if (tries < LIMIT) setTimeout(ask, PAUSE);
  else says.hidden = true;
}

if (says) {
  says.hidden = false;
  setTimeout(ask, PAUSE);
}
