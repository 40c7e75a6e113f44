from django.urls import path

from . import views

app_name = "glossary"
urlpatterns = [
    path("", views.glossary, name="glossary"),
    path("comparisons/", views.comparisons, name="comparisons"),
    path("comparisons/<slug:slug>/", views.comparison, name="comparison"),
    path("<slug:slug>/", views.term, name="term"),
]
