from django.urls import path

from localoffer.consultations.views import answering, helping, printing, public

app_name = "consultations"
urlpatterns = [
    path("feed.atom", public.atom, name="feed"),
    path("list.json", public.as_json, name="list"),
    path("calendar/", public.calendar, name="calendar"),
    path("who-we-asked/", public.who_we_asked, name="coverage"),
    path("who-we-asked.csv", public.who_we_asked_csv, name="coverage_csv"),
    path("who-we-asked.json", public.who_we_asked_json, name="coverage_json"),
    path("come-back/", answering.come_back, name="come_back"),
    path("receipt/", answering.receipt, name="receipt"),
    path("help/", helping.ask, name="help"),
    path("help/sent/", helping.sent, name="help_sent"),
    path("<slug:slug>/results/", public.results, name="results"),
    path("<slug:slug>/results.csv", public.results_csv, name="results_csv"),
    path("<slug:slug>/results.json", public.results_json, name="results_json"),
    path("answer/<slug:slug>/<slug:survey>/", answering.start, name="start"),
    path("answer/<slug:slug>/<slug:survey>/q/<slug:code>/", answering.step, name="step"),
    path("answer/<slug:slug>/<slug:survey>/version/", answering.version, name="version"),
    path("answer/<slug:slug>/<slug:survey>/check/", answering.check, name="check"),
    path("answer/<slug:slug>/<slug:survey>/save/", answering.save, name="save"),
    path("answer/<slug:slug>/<slug:survey>/sent/", answering.sent, name="sent"),
    path("answer/<slug:slug>/<slug:survey>/paper/", printing.paper, name="paper"),
]
