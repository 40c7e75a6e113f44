from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from publishing import feedback, previews

from . import feeds, machines, offline, sitemaps, views
from .api import v1
from .infobutton import infobutton
from .preferences import preferences

urlpatterns = [
    path("", views.root, name="root"),
    path("healthz/", views.health, name="health"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/jsi18n/", JavaScriptCatalog.as_view(), name="javascript-catalog"),
    path("admin/desk/", include("translations.urls")),
    path("admin/", admin.site.urls),
    path("preview/<str:token>/", previews.shared, name="preview"),
    path("api/v1/", v1.urls),
    path("infobutton", infobutton, name="infobutton"),
    path("sw.js", offline.worker, name="worker"),
    path("cards/<str:card>.png", machines.card, name="card"),
    path("sitemap.xml", sitemaps.sitemaps, name="sitemaps"),
    path("llms.txt", machines.llms, name="llms"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security, name="security"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("feedback/<int:pk>/", feedback.give, name="feedback"),
        path("preferences/", preferences, name="preferences"),
        path("feed/", feeds.feed, name="feed"),
        path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
        path("offline/", offline.offline, name="offline"),
        path("offline.json", offline.live, name="live"),
        path("manifest.webmanifest", machines.manifest, name="manifest"),
        path("glossary/", include("glossary.urls")),
        path("", include("search.urls")),
        path("", include("articles.urls")),
    ),
]

handler400 = "painsite.views.bad_request"
handler403 = "painsite.views.forbidden"
handler404 = "painsite.views.not_found"
handler500 = "painsite.views.server_error"
