from django.urls import path

from . import basket, editions, handout, views

app_name = "articles"
urlpatterns = [
    path("topics/", views.topics, name="topics"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("articles/", views.articles, name="articles"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/handout.pdf", handout.article, name="article-handout"),
    path("facts/", views.facts, name="facts"),
    path("facts/<slug:slug>/", views.fact, name="fact"),
    path("facts/<slug:slug>/handout.pdf", handout.fact, name="fact-handout"),
    path("editions/<int:pk>/", editions.edition, name="edition"),
    path("handouts/", basket.basket, name="basket"),
    path("handouts/handout.pdf", basket.handout, name="basket-handout"),
]
