"""The translators' desk, within the admin; for staff alone."""

from django.contrib import admin
from django.urls import path

from . import desk, exchange_views, presence, queue, reviewing, suggestion_views, writing

app_name = "desk"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("assign/", queue.assign, name="assign"),
    path("export/", exchange_views.export, name="export"),
    path("import/", exchange_views.load, name="import"),
    path("of/<str:label>/<int:object_id>/<slug:language>/", desk.of_document, name="of_document"),
    path("<int:pk>/", desk.page, name="sheet"),
    path("<int:pk>/take/", queue.take, name="take"),
    path("<int:pk>/give-back/", queue.give_back, name="give_back"),
    path("<int:pk>/save/", writing.save, name="save"),
    path("<int:pk>/check/", writing.check, name="check"),
    path("<int:pk>/help/", writing.help_with, name="help"),
    path("<int:pk>/suggest/", admin.site.admin_view(suggestion_views.ask), name="suggest"),
    path("<int:pk>/here/", presence.here, name="here"),
    path("<int:pk>/approve/", reviewing.approve, name="approve"),
    path("<int:pk>/return/", reviewing.send_back, name="return"),
    path("<int:pk>/comment/", reviewing.comment, name="comment"),
    path("<int:pk>/accept/", reviewing.accept, name="accept"),
]
