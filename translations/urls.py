"""The translators' desk, within the admin; for staff alone."""

from django.urls import path

from . import desk, queue

app_name = "desk"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("assign/", queue.assign, name="assign"),
    path("of/<str:label>/<int:object_id>/<slug:language>/", desk.of_document, name="of_document"),
    path("<int:pk>/", desk.page, name="sheet"),
    path("<int:pk>/take/", queue.take, name="take"),
    path("<int:pk>/give-back/", queue.give_back, name="give_back"),
    path("<int:pk>/save/", desk.save, name="save"),
    path("<int:pk>/check/", desk.check, name="check"),
    path("<int:pk>/help/", desk.help_with, name="help"),
    path("<int:pk>/here/", desk.here, name="here"),
    path("<int:pk>/approve/", desk.approve, name="approve"),
    path("<int:pk>/return/", desk.send_back, name="return"),
    path("<int:pk>/comment/", desk.comment, name="comment"),
    path("<int:pk>/accept/", desk.accept, name="accept"),
]
