"""A survey, a page for each question. No account, no JavaScript, and a GET changes nothing.

The browser holds one cookie: which draft is its own. It is gone when the browser is closed.
"""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from localoffer.consultations import answers, attempts, codes, files, paths, reading, variants
from localoffer.consultations.actions import answering as actions
from localoffer.consultations.forms.steps import CodeForm, StepForm
from localoffer.consultations.models import Draft, Response
from localoffer.consultations.views.addresses import at, is_public, survey_at

COOKIE = "answering"
SALT = "localoffer.consultations.draft"
# Not the form that asks for help: what says who somebody is never comes with their draft.
COOKIE_PATH = "/have-your-say/answer/"
TOO_MANY = "You have tried many codes. Wait 15 minutes, then try again."


@never_cache
@require_http_methods(["GET", "POST"])
def start(request, slug, survey):
    """What to know before the first question. Start begins a draft."""
    survey = survey_at(request, slug, survey)
    now = timezone.now()
    if not survey.consultation.is_open(now=now):
        return _closed(request, survey, draft=_own_draft(request, survey))
    document = survey.current.document
    asked_for = request.POST.get("version", request.GET.get("version", ""))
    chosen = next((each for each in variants.on_screen(document) if each.code == asked_for), None)
    if request.method == "POST":
        draft = actions.begin(survey, now=now, variant=chosen.code if chosen else "")
        return _remember(_to_next(survey, draft), draft)
    mine, key = _own_draft(request, survey), _own_key(request)
    return _show(
        request,
        "start",
        survey,
        now=now,
        variant=chosen,
        version_name=variants.name(chosen),
        versions=_versions(survey, document, chosen),
        seen_by=survey.consultation.owners.filter(
            Q(can_see_raw=True) | Q(can_see_results=True)
        ).select_related("authority"),
        next=mine and mine.answers and _next(survey, mine),
        paper_url=at("paper", survey),
        reading_promise=reading.PROMISE,
        sent_url=key and _response(codes.receipt_of(key), request.authority) and at("sent", survey),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def step(request, slug, survey, code):
    """One question. Its answer is kept before the next is shown."""
    survey = survey_at(request, slug, survey)
    draft = _own_draft(request, survey)
    if draft is None:
        return redirect(at("start", survey))
    now = timezone.now()
    asked = _asked(draft)
    if not paths.reachable(asked, draft.answers, code):
        return _to_next(survey, draft)
    question = next(each for each in asked if each.code == code)
    begun = StepForm.begun(question, draft.answers.get(code))
    variant = draft.asked_in
    beside = variant and files.beside(variant.wording(code))
    form = StepForm(
        request.POST or None,
        question=question,
        revision=draft.revision,
        beside=beside,
        initial=begun,
    )
    if not draft.may_go_on(now=now):
        return _closed(request, survey, draft=draft, unsent=_typed(form, request))
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        answer = None if answer in ("", [], {}) else answer
        try:
            draft = actions.keep(
                draft, code=code, answer=answer, revision=form.cleaned_data["revision"], now=now
            )
        except actions.ChangedElsewhereError as error:
            form = _both_texts(request, question, draft, error.answer, beside)
        else:
            if "save" in request.POST:
                return redirect(at("save", survey))
            return _after(survey, draft, code, checking="checking" in request.GET)
    context = {"form": form, "question": question, "title": question.text}
    return _show(
        request,
        "step",
        survey,
        now=now,
        back=_before(survey, asked, code),
        number=[each.code for each in asked].index(code) + 1,
        late=draft.is_late(now=now),
        variant=variant,
        version_url=variants.on_screen(draft.version.document) and at("version", survey),
        **context,
    )


@never_cache
@require_http_methods(["GET", "POST"])
def version(request, slug, survey):
    """Go on in another version of the survey, with the answers that mean the same in it."""
    survey = survey_at(request, slug, survey)
    draft = _own_draft(request, survey)
    if draft is None:
        return redirect(at("start", survey))
    now = timezone.now()
    if not draft.may_go_on(now=now):
        return _closed(request, survey, draft=draft)
    if request.method == "POST":
        draft = actions.switch(draft, variant=request.POST.get("version", ""), now=now)
        return _to_next(survey, draft)
    document = draft.version.document
    return _show(
        request,
        "version",
        survey,
        now=now,
        versions=_others(document, draft),
        current=variants.name(draft.asked_in),
        back=_next(survey, draft),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def check(request, slug, survey):  # noqa: PLR0911  each is another place to go on from
    """All that will be sent, and the one button that sends it."""
    survey = survey_at(request, slug, survey)
    now = timezone.now()
    key = _own_key(request)
    if request.method == "POST" and key:
        try:
            actions.send(key, authority=request.authority, now=now)
        except Draft.DoesNotExist:
            return redirect(at("start", survey))
        except actions.ClosedError:
            return _closed(request, survey, draft=_own_draft(request, survey))
        except actions.NotCompleteError:
            pass
        else:
            return redirect(at("sent", survey))
    draft = _own_draft(request, survey)
    if draft is None:
        sent_before = key and _response(codes.receipt_of(key), request.authority)
        return redirect(at("sent" if sent_before else "start", survey))
    if not draft.may_go_on(now=now):
        return _closed(request, survey, draft=draft)
    if paths.first_unmet(_asked(draft), draft.answers):
        return _to_next(survey, draft)
    rows = _rows(survey, draft)
    empty = not any(row["answered"] for row in rows)
    return _show(
        request, "check", survey, now=now, rows=rows, empty=empty, late=draft.is_late(now=now)
    )


@never_cache
@require_http_methods(["GET", "POST"])
def save(request, slug, survey):
    """Put answers aside, for a code to come back with."""
    survey = survey_at(request, slug, survey)
    now = timezone.now()
    draft = _own_draft(request, survey)
    if draft is None:
        return redirect(at("start", survey))
    if not survey.consultation.is_open(now=now):
        if draft.may_go_on(now=now):
            return _to_next(survey, draft)
        return _closed(request, survey, draft=draft)
    if request.method == "POST":
        code = codes.shown(actions.put_aside(draft, now=now))
        return _forget(_show(request, "saved", survey, now=now, code=code))
    return _show(request, "save", survey, now=now, back=_next(survey, draft))


@never_cache
@require_http_methods(["GET", "POST"])
def sent(request, slug, survey):
    """The receipt. Finish takes it off this device."""
    survey = survey_at(request, slug, survey)
    key = _own_key(request)
    receipt = key and codes.receipt_of(key)
    if not receipt or not _response(receipt, request.authority):
        return redirect(survey.consultation.public_page.href)
    if request.method == "POST":
        return _forget(redirect(survey.consultation.public_page.href))
    return _show(request, "sent", survey, now=timezone.now(), receipt=codes.shown(receipt))


@never_cache
@require_http_methods(["GET", "POST"])
def come_back(request):
    """Go on with answers that were put aside."""
    form = _code_form(request)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        draft = actions.take_up(form.cleaned_data["code"], authority=request.authority, now=now)
        survey = draft and draft.version.instrument
        if survey:
            survey.consultation.on_site_of(request.authority)
        if survey and is_public(survey):
            if draft.may_go_on(now=now):
                return _remember(_to_next(survey, draft), draft)
            return _closed(request, survey, draft=draft)
        form.add_error("code", "We have no answers with this code. It may be another one.")
    return TemplateResponse(
        request, "consultations/come_back.html", {"form": form, "title": "Go on with your answers"}
    )


@never_cache
@require_http_methods(["GET", "POST"])
def receipt(request):
    """What became of answers that were sent. Until counting begins, a way to take them back."""
    form = _code_form(request)
    context = {"form": form, "title": "What happened to what you said"}
    if request.method == "POST" and form.is_valid():
        response = _response(form.cleaned_data["code"], request.authority)
        if response is None:
            form.add_error("code", "We have no answers with this receipt code.")
        else:
            now = timezone.now()
            consultation = response.version.instrument.consultation.on_site_of(request.authority)
            if "withdraw" in request.POST and not response.withdrawn:
                try:
                    actions.withdraw(response, now=now)
                except actions.CountedError:
                    context["too_late"] = True
                else:
                    response.refresh_from_db()
                    context["just_withdrawn"] = True
            context |= {
                "response": response,
                "consultation": consultation,
                "page": consultation.public_page,
                "tag": consultation.tag(now=now),
                "code": codes.shown(form.cleaned_data["code"]),
                "may_withdraw": not response.withdrawn and not consultation.analysis_at,
                "result": consultation.published_result(),
            }
            context["form"] = None
    return TemplateResponse(request, "consultations/receipt.html", context)


# What the views have in common


def _own_key(request):
    """The key of the draft that this browser holds, or None."""
    try:
        value = request.get_signed_cookie(COOKIE, default=None, salt=SALT)
        return value and UUID(value)
    except (signing.BadSignature, ValueError):
        return None


def _own_draft(request, survey):
    """The draft of this survey that this browser holds, unless it was put aside."""
    key = _own_key(request)
    drafts = Draft.objects.select_related("version__instrument__consultation__page")
    draft = key and drafts.filter(pk=key, version__instrument=survey, put_aside_at=None).first()
    if draft:
        draft.version.instrument = survey  # on the site that is asked
    return draft


def _response(receipt_code, authority):
    responses = Response.objects.at(authority).select_related(
        "version__instrument__consultation__page"
    )
    return responses.filter(receipt_digest=codes.digest(receipt_code)).first()


def _asked(draft):
    return draft.path()


def _versions(survey, document, chosen):
    """The other versions of a survey, each with its address."""
    there = [None, *variants.on_screen(document)]
    return [
        {
            "name": variants.name(each),
            "language": each.language if each else "",
            "href": at("start", survey) + (f"?version={each.code}" if each else ""),
        }
        for each in there
        if each is not chosen
    ]


def _others(document, draft):
    """The versions that a draft is not in, and how many of its answers each would ask again."""
    answered = {code for code, value in draft.answers.items() if value not in (None, "", [], {})}
    found = []
    for each in [None, *variants.on_screen(document)]:
        code = each.code if each else ""
        if code != draft.variant:
            kept = variants.moved(document, draft.asked_in, each, draft.answers)
            again = len(answered - set(kept))
            found.append({"code": code, "name": variants.name(each), "again": again})
    return found


def _next(survey, draft):
    """Where the next question is; where all is done, the page that sends."""
    unmet = paths.first_unmet(_asked(draft), draft.answers)
    return at("step", survey, unmet.code) if unmet else at("check", survey)


def _to_next(survey, draft):
    return redirect(_next(survey, draft))


def _after(survey, draft, code, *, checking):
    """After one question: the next, or back to checking where it was changed from there."""
    asked = [each.code for each in _asked(draft)]
    unmet = paths.first_unmet(_asked(draft), draft.answers)
    if checking or code not in asked or code == asked[-1]:
        return _to_next(survey, draft)
    following = asked[asked.index(code) + 1]
    if unmet and asked.index(unmet.code) < asked.index(following):
        return _to_next(survey, draft)
    return redirect(at("step", survey, following))


def _before(survey, asked, code):
    place = [each.code for each in asked].index(code)
    return at("step", survey, asked[place - 1].code) if place else at("start", survey)


def _rows(survey, draft):
    """What will be sent, for the summary list: each with a way to change it."""
    return [
        {
            "key": question.text,
            "lines": answers.lines(question, draft.answers.get(question.code)),
            "answered": bool(answers.lines(question, draft.answers.get(question.code))),
            "href": f"{at('step', survey, question.code)}?checking",
        }
        for question in _asked(draft)
    ]


def _both_texts(request, question, draft, stored, beside):
    """The form again with what was just typed, and what the other window has put in its place."""
    fresh = Draft.objects.get(pk=draft.pk)
    data = request.POST.copy()
    data["revision"] = fresh.revision
    form = StepForm(data, question=question, revision=fresh.revision, beside=beside)
    form.is_valid()
    there = "; ".join(answers.lines(question, stored))
    field = next(name for name in form.fields if name != "revision")
    form.add_error(
        field,
        f"You answered this in another window since: “{there}”. What you have just given is below. "
        "Continue to use it instead.",
    )
    return form


def _typed(form, request):
    """What somebody has just typed, in words, where it came too late to be kept."""
    if request.method != "POST" or not form.is_valid():
        return [value for value in request.POST.getlist("answer") if value]
    return answers.lines(form.question, form.cleaned_data["answer"])


def _closed(request, survey, *, draft, unsent=()):
    """It is not open for this person. Whatever they wrote is shown, so that it is not lost."""
    now = timezone.now()
    rows = [row for row in _rows(survey, draft) if row["answered"]] if draft else []
    return _show(
        request,
        "closed",
        survey,
        now=now,
        rows=rows,
        unsent=unsent,
        draft=draft,
        coming=now < survey.consultation.opens_at,
        status=200 if request.method != "POST" else 409,
    )


def _show(request, name, survey, *, now, status=200, **context):
    consultation = survey.consultation
    return TemplateResponse(
        request,
        f"consultations/{name}.html",
        {
            "survey": survey,
            "consultation": consultation,
            "page": consultation.public_page,
            "left": consultation.left(now=now),
            "start_url": at("start", survey),
            "save_url": at("save", survey),
            "check_url": at("check", survey),
            **context,
        },
        status=status,
    )


def _code_form(request):
    """The form for a code. Too many attempts are an error of it."""
    if request.authority is None:
        raise Http404("There is nothing to answer at this address.")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and attempts.too_many(request):
        form.add_error("code", TOO_MANY)
    return form


def _remember(response, draft):
    response.set_signed_cookie(
        COOKIE,
        draft.pk.hex,
        salt=SALT,
        path=COOKIE_PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )
    return response


def _forget(response):
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Lax")
    return response
