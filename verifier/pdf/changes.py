"""Which changes after signing are allowed (ISO 32000-2, 12.8.2.2, 12.8.4): signatures, timestamps, evidence.

Stricter than the library's default: no form filling, no other title or author, and no signature field that is
shown without being signed.
"""

from collections.abc import Iterable
from typing import Any

from lxml import etree
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffResult,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    ReferenceUpdate,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

# What a tool writes about itself and the moment when it appends a revision.
_FREE_INFORMATION = {"/Producer", "/ModDate", "/Trapped"}
_FREE_METADATA = {"ModifyDate", "MetadataDate", "Producer", "CreatorTool", "InstanceID", "xmptk", "about"}


class SameInformationRule(DocInfoRule):
    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        if _read_information(old) != _read_information(new):
            raise SuspiciousModification("The document information was changed after signing")
        yield from super().apply(old, new)


def _read_information(revision: HistoricalResolver) -> dict[str, Any]:
    reference = revision.trailer_view.get_value_as_reference("/Info", optional=True)
    if reference is None:
        return {}
    # By reference, since what a trailer holds is otherwise looked up in the newest revision.
    information = revision.get_object(reference)
    return {
        key: _resolve(revision, information.raw_get(key))
        for key in information
        if key not in _FREE_INFORMATION
    }


def _resolve(revision: HistoricalResolver, value: Any) -> Any:
    return revision.get_object(value.reference) if isinstance(value, IndirectObject) else value


class SameMetadataRule(MetadataUpdateRule):
    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        updates = list(super().apply(old, new))
        if _read_metadata(old) != _read_metadata(new):
            raise SuspiciousModification("The metadata was changed after signing")
        yield from updates


def _read_metadata(revision: HistoricalResolver) -> set[tuple[str, str]]:
    """XMP (ISO 16684-1) as a set of names and values: the same facts may be serialised in several ways."""
    try:
        stream = revision.root["/Metadata"]
    except KeyError:
        return set()
    tree = etree.fromstring(
        stream.read_data(DecodePurpose.XMP_METADATA), etree.XMLParser(resolve_entities=False, no_network=True)
    )
    facts = set()
    for element in tree.iter(etree.Element):
        name = etree.QName(element).localname
        facts |= {(etree.QName(key).localname, value) for key, value in element.attrib.items()}
        if element.text and element.text.strip():
            facts.add((_name_of_value(element, name), element.text.strip()))
    return {fact for fact in facts if fact[0] not in _FREE_METADATA}


def _name_of_value(element: Any, name: str) -> str:
    """The property's name, through the rdf:Alt, rdf:Seq and rdf:li that may lie between."""
    while name in ("li", "Alt", "Seq", "Bag") and element.getparent() is not None:
        element = element.getparent()
        name = etree.QName(element).localname
    return name


class SignedFieldCreationRule(SigFieldCreationRule):
    """A new field that shows something must carry a signature: else its picture is nobody's statement."""

    def apply(self, context: Any) -> Iterable[Any]:
        for name, field in context.field_specs.items():
            if field.old_field_ref is None and field.new_field_ref is not None:
                new = field.new_field_ref.get_object()
                if "/V" not in new and is_visible(new):
                    raise SuspiciousModification(f"The empty field {name} shows something")
        yield from super().apply(context)


def is_visible(field: Any) -> bool:
    widgets = [item.get_object() for item in field["/Kids"]] if "/Kids" in field else [field]
    return any("/AP" in widget and len(set(map(float, widget.get("/Rect", ())))) > 1 for widget in widgets)


def _keep_look_of_form(old: DictionaryObject, new: DictionaryObject) -> None:
    """ISO 32000-2, 12.7.3: what fields are drawn with, where there are fields that are drawn."""
    before, after = _entry(old, "/AcroForm"), _entry(new, "/AcroForm")
    if not isinstance(before, DictionaryObject) or not isinstance(after, DictionaryObject):
        return
    if all(_entry(field.get_object(), "/FT") == "/Sig" for field in _entry(before, "/Fields") or ()):
        return
    if _entry(after, "/NeedAppearances") and not _entry(before, "/NeedAppearances"):
        raise SuspiciousModification("The fields of the form are to be drawn anew")
    if any(key in before and _entry(after, key) != before[key] for key in ("/DA", "/Q")):
        raise SuspiciousModification("The fields of the form are to be drawn otherwise")
    kept = _entries(_entry(after, "/DR"))
    for kind, resources in _entries(_entry(before, "/DR")).items():
        others = _entries(kept.get(kind))
        if any(others.get(name) != found for name, found in _entries(resources).items()):
            raise SuspiciousModification("The fields of the form are to be drawn with other letters")


def _entry(dictionary: DictionaryObject, name: str) -> Any:
    """The object itself: `get` would give a reference to it."""
    try:
        return dictionary[name]
    except KeyError:
        return None


def _entries(value: Any) -> dict[str, Any]:
    """The entries of a dictionary as they are written: references where they are."""
    found = value.get_object() if isinstance(value, IndirectObject) else value
    return {key: found.raw_get(key) for key in found} if isinstance(found, DictionaryObject) else {}


class StrictChanges(StandardDiffPolicy):
    def apply(
        self,
        old: HistoricalResolver,
        new: HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult:
        """A new object that the signed revision refers to already is no addition, but a gap that is filled.

        The library takes it for one that nothing refers to; and it lets an update have the fields of a form
        drawn anew, in letters of its choice.
        """
        old._load_reverse_xref_cache()
        for reference in new.explicit_refs_in_revision():
            is_new = old.reader.xrefs.get_introducing_revision(reference) > old.revision
            if is_new and old._get_usages_of_ref(reference):
                raise SuspiciousModification(f"{reference} was referred to, and missing, when it was signed")
        _keep_look_of_form(old.root, new.root)
        return super().apply(old, new, field_mdp_spec=field_mdp_spec, doc_mdp=doc_mdp)


STRICT_CHANGES = StrictChanges(
    global_rules=[
        CatalogModificationRule(),
        SameInformationRule().as_qualified(ModificationLevel.LTA_UPDATES),
        SameMetadataRule().as_qualified(ModificationLevel.LTA_UPDATES),
        XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=FormUpdatingRule(field_rules=[SignedFieldCreationRule(), SigFieldModificationRule()]),
)
