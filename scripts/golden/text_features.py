#!/usr/bin/env python3
"""Writes Tests/TextEncoderTests/TextFeaturesGolden.swift.

An independent reading of the rules in TextNormalizer, TextTokenizer and LexicalFeatures, over
Python's unicodedata and regular expressions. Run from the project root:

    python3 scripts/golden/text_features.py > Tests/TextEncoderTests/TextFeaturesGolden.swift
"""

import collections
import platform
import random
import re
import sys
import unicodedata

SEED = 20
MASK = (1 << 64) - 1
GOLDEN_RATIO = 0x9E3779B97F4A7C15

GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
    "sigma sigma tau upsilon phi chi psi omega"
).split()

SYMBOLS = {}
for characters, spelling in [
    ("\u2212\u2043\u02d7\u2796", "-"),
    ("\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bc\u02ca\u02c8\u2039\u203a", "'"),
    ("\u201c\u201d\u201e\u201f\u00ab\u00bb\u02ba\u02ee\u301d\u301e", "''"),
    ("\u2192\u21d2\u27f6", "->"),
    ("\u2190\u21d0\u27f5", "<-"),
    ("\u2194\u21d4\u21cc", "<->"),
    ("\u00b1", "+/-"),
    ("\u2213", "-/+"),
    ("\u2264\u2a7d", "<="),
    ("\u2265\u2a7e", ">="),
    ("\u00d7\u2715", "x"),
    ("\u2044\u2215", "/"),
    ("\u2206", "delta"),
    ("\u00b7\u2022\u2219\u22c5\u2027", "."),
    ("\u00e6", "ae"),
    ("\u0153", "oe"),
    ("\u00f8", "o"),
    ("\u0142", "l"),
    ("\u0111\u00f0", "d"),
    ("\u00fe", "th"),
    ("\u00df", "ss"),
    ("\u0131", "i"),
]:
    for character in characters:
        SYMBOLS[character] = spelling

DROPPED = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"
)


def fold(character, following):
    if character == "\u03bc":
        return "u" if following and re.match("[A-Za-z]", following) else "mu"
    if "\u03b1" <= character <= "\u03c9":
        return GREEK[ord(character) - 0x3B1]
    if character in SYMBOLS:
        return SYMBOLS[character]
    if ord(character) >= 0x80 and unicodedata.category(character) == "Pd":
        return "-"
    return character


def normalize(text):
    text = unicodedata.normalize("NFKD", re.sub("[\u00b4\u1ffd]", "\u2032", text))
    # str.lower looks at neighbours for the final sigma; one character at a time does not.
    text = "".join(c.lower() for c in text)
    text = DROPPED.sub("", text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = "".join(fold(c, text[i + 1 : i + 2]) for i, c in enumerate(text))
    text = unicodedata.normalize("NFC", text).lower()
    text = text.replace("`", "'").replace('"', "''")
    text = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    text = " ".join(text.split())
    name = "(?:" + "|".join(GREEK) + ")"
    letter = "[a-z\u0080-\U0010ffff]"
    drop = re.compile(f"(?:(?<!{letter}){name}(?=-[0-9]))-|(?<=[0-9])-(?={name}(?!{letter}))")
    return drop.sub(lambda m: m.group(0)[:-1], text)


def is_word(character):
    return unicodedata.category(character)[0] in "LMN"


def tokenize(text):
    tokens = []
    word = ""
    for character in text + " ":
        if character != " " and is_word(character):
            word += character
            continue
        if word:
            tokens.append(word)
        word = ""
        if character != " ":
            tokens.append(character)
    return tokens


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def key(kind, values):
    state = mix((kind + GOLDEN_RATIO) & MASK)
    for value in values:
        state = mix((state + GOLDEN_RATIO + mix(value)) & MASK)
    return state


def word_key(token):
    data = token.encode()
    groups = [int.from_bytes(data[i : i + 8], "little") for i in range(0, len(data), 8)]
    return key(0x7465787400000001, [len(data)] + groups)


def pack(values):
    return sum(value << (21 * place) for place, value in enumerate(values))


def features(tokens):
    counts = collections.Counter(word_key(token) for token in tokens)
    for first, second in zip(tokens, tokens[1:]):
        counts[key(0x7465787400000002, [word_key(first), word_key(second)])] += 1
    for token in tokens:
        if not is_word(token[0]):
            continue
        marked = [0x1FFFFF] + [ord(c) for c in token] + [0x1FFFFF]
        for length in (3, 4, 5):
            for start in range(len(marked) - length + 1):
                part = marked[start : start + length]
                groups = [pack(part[:3])] + ([pack(part[3:])] if length > 3 else [])
                counts[key(0x7465787400000010 + length, groups)] += 1
    return counts


def checksum(counts):
    return sum(mix(k) * n for k, n in counts.items()) & MASK


def random_texts():
    generator = random.Random(SEED)
    alphabet = (
        "abcdeABCDE0123456789 -()[],;.:'\"`\t\n"
        "αβγδµμσςΩΔ²³⁺⁻½–—−‐″′’“”→±≥·×éüÅøß™℃ﬁ漢字かﾊﾞ한й٣😀\u200b\u00a0\u0301\ufffd"
    )
    for _ in range(40):
        yield "".join(generator.choice(alphabet) for _ in range(generator.randint(1, 60)))


TEXTS = [
    "",
    "acid",
    "(17E)-17-hydroxyicos-21-oate",
    "The molecule is a 2\u2032-deoxy-β\u2011D-ribonucleoside; it has pKa ≤ 7.4 at 25 \u00b0C.",
    "5α-reductase, 5-alpha-reductase and 5alpha-reductase",
    "β1 beta-1 beta1 17-beta-ol alphabet-2 3-beta-4",
    "Ca\u00b2\u207a and SO\u2084\u00b2\u207b at 5 \u00b5M, \u03bcg, \u03bc-opioid",
    "(1\u21924)-linked 4\u2033-O-methyl \u201cquoted\u201d \"plain\"",
    "Łódź Ångström naïve Straße \ufb01ne",
    "漢字とかな 한국어 русский \u0663",
    "a😀b \U0001f469\u200d\U0001f52c x\ufffdy",
    " \t leading\u00a0and\u2003trailing \r\n",
    "supercalifragilisticexpialidocious",
] + list(random_texts())


def literal(text):
    body = "".join(
        c if " " <= c <= "~" and c not in '\\"' else "\\u{%X}" % ord(c) for c in text
    )
    return '"' + body + '"'


def main():
    out = sys.stdout.write
    version = f"{platform.python_version()}, Unicode {unicodedata.unidata_version}"
    out("// Generated by scripts/golden/text_features.py; do not edit.\n")
    out(f"// Generator version 1, Python {version}, seed {SEED}.\n\n")
    out("// swift-format-ignore-file\n\n")
    out("struct TextFeaturesGolden: Sendable {\n")
    out("  let text: String\n  let normal: String\n  let tokens: [String]\n")
    out("  /// Distinct features and all their occurrences.\n")
    out("  let distinct: Int\n  let occurrences: Int\n")
    out("  /// Sum of mix(key) * count, modulo 2^64.\n  let checksum: UInt64\n\n")
    out("  /// All keys of \"acid\", ascending.\n")
    acid = features(tokenize(normalize("acid")))
    out("  static let acidKeys: [UInt64] = [\n")
    for value in sorted(acid):
        out(f"    0x{value:016x},\n")
    out("  ]\n\n  static let all: [TextFeaturesGolden] = [\n")
    for text in TEXTS:
        normal = normalize(text)
        assert normalize(normal) == normal, (text, normal, normalize(normal))
        tokens = tokenize(normal)
        counts = features(tokens)
        out(f"    TextFeaturesGolden(\n      text: {literal(text)},\n")
        out(f"      normal: {literal(normal)},\n")
        out(f"      tokens: [{', '.join(map(literal, tokens))}],\n")
        out(f"      distinct: {len(counts)}, occurrences: {sum(counts.values())},\n")
        out(f"      checksum: 0x{checksum(counts):016x}),\n")
    out("  ]\n}\n")


main()
