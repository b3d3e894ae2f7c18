"""The profile LOQ of the European Learning Model."""

from rdflib.namespace import RDF, Namespace

from tests.shapes.compact import Profile, graph_of

__all__ = ["ELM", "faults", "graph_of", "iri"]

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dc": "http://purl.org/dc/terms/",
    "elm": "http://data.europa.eu/snb/model/elm/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "org": "http://www.w3.org/ns/org#",
    "rdf": str(RDF),
    "rov": "http://www.w3.org/ns/regorg#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
ELM = Namespace(PREFIXES["elm"])
_LOQ = Profile("loq", PREFIXES)
iri, faults = _LOQ.iri, _LOQ.faults
