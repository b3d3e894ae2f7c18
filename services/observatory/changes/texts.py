"""What the answers about changes say in words, beside the sentences of the reading key."""

from platformkit.i18n import Text

OTHERS = Text("Les autres", "All others")
ONE_YEAR = Text(
    "Donnez deux années ou aucune : l’emploi annuel et le recensement n’ont pas le même champ.",
    "Give two years or none: yearly employment and the census do not have the same field.",
)
ONE_METHOD = Text(
    "L’échelle d’un indice ne compare pas deux méthodes : demandez scale=place.",
    "The scale of an index does not compare two methods: ask for scale=place.",
)
