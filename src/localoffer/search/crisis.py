"""Words after which help in an emergency stands above everything else. Pure.

They are part of the program and not of the thesaurus, so that no edit can take them away.
"""

from collections.abc import Sequence

from localoffer.search.thesaurus import ConceptWords, Thesaurus

# As in the thesaurus: "hurting himself" is also "hurts herself", "not cope" is also "can't cope".
PHRASES = """
suicide; suicidal; kill himself; killing himself; kill me; end my life; end it all; overdose
take his own life; want to die; wants to die; wish I was dead; wish he was dead; better off dead
not want to live; not want to be here; not want to be alive; taken pills; took tablets; jump off
hang himself; self harm; self harming; self-injury; hurting himself; hurt himself; harm himself
cutting himself; cut himself; burning himself; punching himself; cutting his arms; cutting her arms
cutting her wrists; crisis; emergency; 999; tonight; right now; urgent help; help now
need help today; in danger; danger; not safe; unsafe; not cope; not go on; not do this anymore
breaking point; end of my tether; abuse; abused; abuser; abusing; abusive; being hurt; being hit
beaten; beating; neglect; neglected; rape; raped; sexually assaulted; sexual assault; molested
touched inappropriately; groomed; grooming; domestic violence; violent partner; violent husband
violent boyfriend; violent father; hits me; hit me; attacks me; attacked me; attacking me; hurts me
violent to mum; violent to me; violent towards me; strangled; threatening me; scared of my partner
scared of my son; scared of my dad; run away; ran away; running away; gone missing; missing child
hearing voices; psychosis; psychotic; voices in his head; knife; stabbed; weapon; forced marriage
kicked out; nowhere to sleep; nowhere to go
"""
CRISIS = Thesaurus(
    [
        ConceptWords(
            "crisis",
            "Crisis",
            words=tuple(
                phrase.strip() for line in PHRASES.splitlines() for phrase in line.split(";")
            ),
        )
    ]
)


def is_crisis(in_order: Sequence[str]) -> bool:
    """Whether folded words may be those of somebody who is in danger or at an end."""
    return bool(CRISIS.found(in_order))
