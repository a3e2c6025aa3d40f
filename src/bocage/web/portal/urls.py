"""The addresses of the public pages; each name has its line in the table of rights."""

from django.urls import path

from bocage.web.portal import (
    datasets,
    decisions,
    ground,
    home,
    indicators,
    notices,
    person,
    points,
    processing,
    promises,
    refusals,
    registers,
    rules,
    search,
    sensors,
)

urlpatterns = [
    path("", home.home, name="portal.home"),
    path("<slug:territory>/", home.territory, name="portal.territory"),
    path("<slug:territory>/sensors", sensors.sensors, name="portal.sensors"),
    path("<slug:territory>/sensors/<slug:thing>", sensors.sensor, name="portal.sensor"),
    path("<slug:territory>/notices", notices.notices, name="portal.notices"),
    path("<slug:territory>/notices/points.json", notices.points, name="portal.notice-points"),
    path("<slug:territory>/notices/<slug:notice>", notices.notice, name="portal.notice"),
    path("<slug:territory>/data", datasets.datasets, name="portal.data"),
    path("<slug:territory>/data/<slug:dataset>", datasets.dataset, name="portal.dataset"),
    path("<slug:territory>/processing", processing.processing, name="portal.processing"),
    path("<slug:territory>/decisions", decisions.decisions, name="portal.decisions"),
    path("<slug:territory>/registers", registers.registers, name="portal.registers"),
    path("<slug:territory>/registers/<slug:kind>", registers.register, name="portal.register"),
    path("<slug:territory>/registers/<slug:kind>/<slug:declaration>", registers.declaration, name="portal.declaration"),
    path("<slug:territory>/promises", promises.promises, name="portal.promises"),
    path("<slug:territory>/promises/<str:promise>", promises.promise, name="portal.promise"),
    path("<slug:territory>/refusals", refusals.refusals, name="portal.refusals"),
    path("<slug:territory>/indicators", indicators.indicators, name="portal.indicators"),
    path("<slug:territory>/indicators/<slug:indicator>", indicators.indicator, name="portal.indicator"),
    path("<slug:territory>/indicators/<slug:indicator>.csv", indicators.sheet, name="portal.indicator-csv"),
    path("<slug:territory>/search", search.search, name="portal.search"),
    path("<slug:territory>/rules", rules.rules, name="portal.rules"),
    path("<slug:territory>/person", person.person, name="portal.person"),
    path("<slug:territory>/outlines.json", ground.outlines, name="portal.outlines"),
    path("<slug:territory>/points.json", points.points, name="portal.points"),
]
