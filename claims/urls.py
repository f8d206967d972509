"""The app's addresses."""

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from claims.views import accounts, articles, claims, desk, evidence, imports, places, queue, reports, sources, verdicts

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", accounts.account, name="account"),
    path("accounts/join/<str:token>/", accounts.join, name="join"),
    path("team/switch/", accounts.switch_team, name="switch_team"),
    path("", RedirectView.as_view(pattern_name="queue"), name="home"),
    path("queue/", queue.queue, name="queue"),
    path("articles/", articles.articles, name="articles"),
    path("articles/import/", imports.import_article, name="import_article"),
    path("articles/<int:article_id>/edit/", articles.edit_article, name="edit_article"),
    path("articles/<int:article_id>/", desk.desk, name="desk"),
    path("articles/<int:article_id>/claims/", desk.log_claim, name="log_claim"),
    path("articles/<int:article_id>/claims/<int:number>/", claims.claim, name="claim"),
    path("articles/<int:article_id>/claims/<int:number>/places/", places.stand_also, name="stand_also"),
    path(
        "articles/<int:article_id>/claims/<int:number>/places/<int:anchor_id>/leave/",
        places.leave_place,
        name="leave_place",
    ),
    path("articles/<int:article_id>/claims/<int:number>/evidence/", evidence.attach, name="attach_evidence"),
    path(
        "articles/<int:article_id>/claims/<int:number>/evidence/<int:e>/retract/",
        evidence.retract,
        name="retract_evidence",
    ),
    path("articles/<int:article_id>/claims/<int:number>/propose/", verdicts.propose, name="propose"),
    path("articles/<int:article_id>/claims/<int:number>/decide/", verdicts.decide, name="decide"),
    path("articles/<int:article_id>/claims/<int:number>/send-back/", verdicts.send_back, name="send_back"),
    path("articles/<int:article_id>/claims/<int:number>/reopen/", verdicts.reopen, name="reopen"),
    path("articles/<int:article_id>/claims/<int:number>/withdraw/", verdicts.withdraw, name="withdraw"),
    path("articles/<int:article_id>/claims/<int:number>/restore/", verdicts.restore, name="restore"),
    path("articles/<int:article_id>/report/", reports.report, name="report"),
    path("articles/<int:article_id>/reports/<int:number>.<str:kind>", reports.report_file, name="report_file"),
    path("sources/", sources.sources, name="sources"),
    path("sources/new/", sources.add_source, name="add_source"),
    path("sources/<int:source_id>/", sources.source, name="source"),
    path("sources/find/", evidence.find_sources, name="find_sources"),
]
