"""Words that mean the same to whoever looks for training, and words that lead to others.

Ours, from the titles of the directory, the jobs of ROME and the way people ask. `=` holds both
ways; `>` leads from what is asked to what may be found for it, at a lower rank. Singular, without
accents, as `wording.fold` leaves them.
"""

from collections.abc import Mapping, Sequence
from typing import Final

_TABLE: Final = """
ia = intelligence artificielle = ai = artificial intelligence
ia generative = intelligence artificielle generative = genai = generative ai = iag
ml = machine learning = apprentissage automatique
deep learning = apprentissage profond
llm = grand modele de langage = grand modele de langue = large language model
gpt = chatgpt
chatgpt > ia generative, llm, prompt
gpt > ia generative, llm, prompt
llm > ia generative
copilot > ia generative
midjourney > ia generative
prompt = prompt engineering = ingenierie de prompt = requete
prompt engineer > ia generative
chatbot = agent conversationnel = assistant conversationnel
agent ia > automatisation, no code
nlp = tal = traitement du langage naturel = traitement automatique du langage
rgpd = gdpr = protection des donnees = reglement general sur la protection des donnees
dpo = delegue a la protection des donnees = data protection officer
dpo > rgpd
cnil > rgpd
ai act = reglement sur l ia = reglement ia
ai act > gouvernance, conformite
ethique > responsable, gouvernance
rh = ressources humaines = drh
recruteur > recrutement, ressources humaines
recrutement > ressources humaines
paie > ressources humaines
gestionnaire de paie > ressources humaines
cybersecurite = cyber securite = cyber = securite informatique
hacker > cybersecurite
pentest = test d intrusion
rssi > cybersecurite
ssi = securite des systemes d information
dev = developpeur
developpeur = developpeuse = programmeur = programmeuse
developpeur > developpement, programmation
developpement > developpeur
programmation > developpement, developpeur
coder > developpement, developpeur, programmation
codage > developpement, developpeur, programmation
webdev > developpeur
site internet = site web
site web > web
full stack = fullstack
full stack > developpeur, concepteur developpeur
front end = frontend = front
back end = backend = back
appli = application
cda = concepteur developpeur d application
dwwm = developpeur web et web mobile
logiciel = software
nocode = no code = sans code
lowcode = low code
no code > automatisation
automatisation = automatiser = automation
rpa > automatisation
zapier > automatisation, no code
make > automatisation, no code
data analyst = analyste de donnees = analyste data
data scientist = scientifique des donnees
data science = science des donnees
data scientist > data science, machine learning
data engineer = ingenieur data = ingenieur de donnees
donnee = data
donnee > analytics
big data = donnees massives = megadonnees
bi = business intelligence = decisionnel = informatique decisionnelle
dataviz = data visualisation = visualisation de donnees
power bi > business intelligence, analyse de donnees
tableur = excel = spreadsheet
tableur > bureautique
tosa > bureautique, excel
bureautique = microsoft office = pack office
bureautique > excel, word
blockchain = chaine de blocs
cryptomonnaie > blockchain
bitcoin > blockchain
nft > blockchain
reseaux sociaux = social media
community manager > contenu, communication, reseaux sociaux
redaction = redacteur = redactrice = rediger
redacteur > contenu
contenu = content
creation de contenu > contenu, redactionnel
image > visuel
marketing digital = webmarketing = e marketing = marketing numerique
communication > contenu
secretaire = secretariat = assistant administratif = assistante administrative
secretaire = assistant de direction = assistante de direction
secretaire > bureautique, redaction
comptable = comptabilite
comptable > bureautique, tableur
commercial = vendeur = vendeuse = vente
commercial > developper son activite
entrepreneur = createur d entreprise = dirigeant = chef d entreprise
entrepreneur > developper son activite, entreprise
dirigeant > developper son activite, tpe, pme
tpe = pme = petite entreprise
artisan > tpe, developper son activite
independant = freelance = auto entrepreneur
independant > developper son activite
manager = encadrant = responsable
chef de projet = cheffe de projet = project manager = gestion de projet
architecte > architecture
architecture > architecte
ingenieur = ingenierie
ingenieur > expert
expert = experte = specialiste
formateur = formatrice = enseignant
numerique = digital
culture numerique > digital
acculturation > culture, initiation
debutant > initiation, decouverte
initiation = decouverte = decouvrir
sensibilisation > culture, initiation
video > multimedia
photo > image
multimedia > video, image
ux = experience utilisateur
ui = interface utilisateur
devops > integration continue, deploiement
cloud = informatique en nuage
reseau informatique = systeme et reseau = systemes et reseaux
python > programmation
javascript = js
alternance = apprentissage = contrat de professionnalisation
cpf = mon compte formation
vae = validation des acquis
agriculture = agricole
sante = medical = soin
infirmier = infirmiere
btp = batiment = construction
logistique = transport
industrie = industriel
industrie du futur > automatisation, robotique
robotique = robot
maintenance predictive > maintenance, intelligence artificielle
vision par ordinateur = computer vision = reconnaissance d image
tp = titre professionnel
"""

NOISE: Final = frozenset(
    """formation cour stage former apprendre devenir comment faire avec pour sur dans utiliser
    metier emploi travail travailler diplome certification certificat certifiant certifiante titre
    cherche recherche trouver vouloir voudrai souhaite quel quelle quelque les mon ma mes sa ses
    je veux se me une un au aux en de du des la le et ou a d l programme parcour niveau obtenir
    suivre faire preparer meilleur meilleure tout toute besoin aide ligne""".split()  # noqa: SIM905  # words, not lines
)
"""Words that say that training is looked for, not which: nothing must have them."""

LONGEST: Final = 8
"""Words of the longest expression in the table, with some to spare."""

Expression = tuple[str, ...]


def _expression(written: str) -> Expression:
    return tuple(written.split())


def _read() -> tuple[dict[Expression, list[Expression]], dict[Expression, list[Expression]]]:
    same: dict[Expression, list[Expression]] = {}
    leads: dict[Expression, list[Expression]] = {}
    for line in filter(None, _TABLE.split("\n")):
        left, arrow, right = line.partition(">")
        if arrow:
            found = [_expression(one) for one in right.split(",")]
            leads.setdefault(_expression(left), []).extend(found)
            continue
        alike = [_expression(one) for one in line.split("=")]
        for one in alike:
            same.setdefault(one, []).extend(other for other in alike if other != one)
    for others in leads.values():
        for led in tuple(others):
            others += [alike for alike in same.get(led, ()) if alike not in others]
    for one, alike in list(same.items()):
        for other in alike:
            leads.setdefault(one, []).extend(leads.get(other, ()))
    return same, leads


_BOTH: Final = _read()
SAME: Final[Mapping[Expression, Sequence[Expression]]] = _BOTH[0]
LEADS: Final[Mapping[Expression, Sequence[Expression]]] = _BOTH[1]
