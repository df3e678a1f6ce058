from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "localoffer.consultations"
    verbose_name = "Consultations"

    def ready(self):
        from localoffer.authority import changes, contentversion, roles, today
        from localoffer.consultations import panels
        from localoffer.pages import descriptions

        changes.describe_with("consultation", descriptions.of_kind("consultation"))
        contentversion.hide(
            "consultations.batch",
            "consultations.draft",
            "consultations.entry",
            "consultations.helprequest",
            "consultations.readoutcome",
            "consultations.response",
        )
        officers = ["participation_officer"]
        roles.allow_all("consultations.consultation", *officers, actions=["add", "change", "view"])
        roles.allow_all("consultations.instrument", *officers, actions=["add", "change", "view"])
        roles.allow_all("consultations.batch", *officers, actions=["add", "change", "view"])
        roles.allow_all("consultations.helprequest", *officers, actions=["change", "view"])
        roles.allow_all("consultations.worryingwords", *officers, actions=["add", "change", "view"])
        roles.allow_all("consultations.response", *officers, actions=["view"])
        roles.allow("administrator", "consultations.shorten_consultation")
        changing = "consultations.change_consultation"
        today.register(panels.results_late, permission=changing, order=210)
        today.register(panels.to_be_counted, permission=changing, order=120)
        today.register(panels.to_read, permission=changing, order=60)
        today.register(
            panels.asked_for_help, permission="consultations.change_helprequest", order=50
        )
        today.register(panels.closing_soon, permission=changing, order=410)
