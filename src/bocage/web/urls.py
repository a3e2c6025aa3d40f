"""Every address of a page; each name has its line in the table of rights."""

from django.urls import include, path

from bocage.web import forgotten, openid, sign_in, start, wishes
from bocage.web.desk import held
from bocage.web.desk.first import example

urlpatterns = [
    path("sign-in", sign_in.sign_in, name="account.sign-in"),
    path("sign-in/openid", openid.begin, name="account.openid"),
    path("sign-in/openid/back", openid.back, name="account.openid-back"),
    path("sign-out", sign_in.sign_out, name="account.sign-out"),
    path("welcome/<str:token>", sign_in.welcome, name="account.welcome"),
    path("first/<str:token>", sign_in.first, name="account.first"),
    path("forgotten", forgotten.forgotten, name="account.forgotten"),
    path("account", sign_in.own, name="account.own"),
    path("account/mails", wishes.choose, name="account.mails"),
    path("account/copy.json", held.own, name="account.copy"),
    path("start", start.start, name="instance.start"),
    path("start/make", start.make, name="instance.make"),
    path("start/example", example.show, name="instance.example"),
    path("start/withdraw", start.withdraw, name="instance.withdraw"),
    path("<slug:territory>/desk/", include("bocage.web.desk.urls")),
    path("", include("bocage.web.portal.urls")),
]

handler404 = "bocage.web.errors.missing"
handler403 = "bocage.web.errors.forbidden"
handler500 = "bocage.web.errors.broken"
