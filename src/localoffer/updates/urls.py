from django.urls import path

from localoffer.updates.views import archive, joining, leaving, managing

app_name = "updates"
urlpatterns = [
    path("", archive.start, name="start"),
    path("editions/", archive.editions, name="editions"),
    path("editions/feed.atom", archive.atom, name="feed"),
    path("editions/<slug:slug>/", archive.edition, name="edition"),
    path("sign-up/", joining.sign_up, name="sign_up"),
    path("check-your-email/", joining.check_your_email, name="check_your_email"),
    path("check-your-email/link/", joining.check_for_link, name="check_for_link"),
    path("follow/<str:reference>/", joining.follow, name="follow"),
    path("confirm/<str:token>/", joining.confirm, name="confirm"),
    path("manage/", joining.send_link, name="send_link"),
    path("manage/<str:token>/", managing.manage, name="manage"),
    path("manage/<str:token>/change/", managing.change, name="change"),
    path("manage/<str:token>/pause/", managing.pause, name="pause"),
    path("manage/<str:token>/resume/", managing.resume, name="resume"),
    path("manage/<str:token>/stop/", managing.stop, name="stop"),
    path("manage/<str:token>/undo/", managing.undo, name="undo"),
    path("manage/<str:token>/download/", managing.download, name="download"),
    path("manage/<str:token>/erase/", managing.erase, name="erase"),
    path("leave/<str:token>/", leaving.leave, name="leave"),
    path("leave/<str:token>/stop/", leaving.stop, name="leave_stop"),
    path("leave/<str:token>/undo/", leaving.undo, name="leave_undo"),
    path("stay/<str:token>/", managing.stay, name="stay"),
]
