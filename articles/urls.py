from django.urls import path

from . import views

app_name = "articles"
urlpatterns = [
    path("topics/", views.topics, name="topics"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("articles/", views.articles, name="articles"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("facts/", views.facts, name="facts"),
    path("facts/<slug:slug>/", views.fact, name="fact"),
]
