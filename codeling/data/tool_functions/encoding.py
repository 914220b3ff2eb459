# ruff: noqa: E501  (each line is one entry of a table)
"""Hashes, checksums, encodings and ciphers, all really computed; random secrets and identifiers, drawn."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import string
import urllib.parse
import zlib
from random import Random
from typing import Any

from codeling.data.tool_functions import values
from codeling.data.tool_functions.spec import FunctionSpec, choice, flag, integer, lines, text

_DOMAIN = "encoding"
_MESSAGE = values.mixed(values.sentence, values.phrase, values.slug, values.email)
_ALGORITHMS = ("md5", "sha1", "sha256", "sha224")
_MORSE = dict(
    zip(
        string.ascii_uppercase,
        ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..".split(),  # noqa: SIM905
        strict=True,
    )
)


def _base64_text(random: Random) -> str:
    return base64.b64encode(values.phrase(random).encode()).decode()


def _hex_text(random: Random) -> str:
    return values.word(random).encode().hex()


def _quoted_url(random: Random) -> str:
    return urllib.parse.quote(f"{values.phrase(random)} & {values.word(random)}")


def _html_text(random: Random) -> str:
    tag = random.choice(("b", "i", "em", "p", "h1", "li", "span"))
    return f"<{tag}>{values.phrase(random)}</{tag}>"


def _escaped_html(random: Random) -> str:
    return html.escape(f"{values.word(random)} < {values.word(random)} & {values.word(random)}")


def _password(random: Random) -> str:
    return f"{values.noun(random).title()}{random.choice('!#?$%')}{random.randint(1, 9999)}"


def _bits(random: Random) -> str:
    return " ".join(f"{byte:08b}" for byte in values.word(random)[:4].encode())


def _morse_text(random: Random) -> str:
    return " ".join(_MORSE[letter] for letter in values.word(random).upper())


def _hash_file(arguments: dict[str, Any], random: Random) -> Any:
    digest = hashlib.new(arguments["algorithm"], arguments["path"].encode()).hexdigest()
    return {"path": arguments["path"], "hash": digest}


def _caesar(a: dict[str, Any], random: Random) -> Any:
    def shifted(letter: str) -> str:
        base = ord("A") if letter.isupper() else ord("a")
        return chr((ord(letter) - base + a["shift"]) % 26 + base) if letter.isalpha() else letter

    return {"text": "".join(map(shifted, a["text"]))}


def _new_password(a: dict[str, Any], random: Random) -> Any:
    letters = string.ascii_letters + string.digits + ("!#$%&*+-?@" if a["symbols"] else "")
    return {"password": "".join(random.choice(letters) for _ in range(a["length"]))}


def _uuid(a: dict[str, Any], random: Random) -> Any:
    def one() -> str:
        parts = [values.hexadecimal(length)(random) for length in (8, 4, 3, 3, 12)]
        return f"{parts[0]}-{parts[1]}-4{parts[2]}-a{parts[3]}-{parts[4]}"

    return {"uuids": [one() for _ in range(min(a["count"], 3))]}


def _strength(a: dict[str, Any], random: Random) -> Any:
    password = a["password"]
    kinds = sum(any(test(c) for c in password) for test in (str.islower, str.isupper, str.isdigit)) + (
        not password.isalnum()
    )
    return {"score": min(10, len(password) // 2 + kinds), "strong": len(password) >= 10 and kinds >= 3}


def _morse(a: dict[str, Any], random: Random) -> Any:
    return {"morse": " ".join(_MORSE[letter] for letter in a["text"].upper() if letter in _MORSE)}


def _from_morse(a: dict[str, Any], random: Random) -> Any:
    letters = {code: letter for letter, code in _MORSE.items()}
    return {"text": "".join(letters[code] for code in a["morse"].split()).lower()}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec("hash_text", _DOMAIN, "Compute the hash of a text",
        (text("text", _MESSAGE, names=("input",)), choice("algorithm", _ALGORITHMS, names=("method",))),
        lines("""
            Compute the {algorithm} hash of "{text}"
            What is the {algorithm} of "{text}"?
            Hash "{text}" with {algorithm}
            {algorithm} digest of "{text}" please
            I need the {algorithm} hash for the text "{text}"
            Can you run {algorithm} over "{text}"?
            Give me a {algorithm} digest for the string "{text}"
            text: "{text}", hash it using {algorithm}
            Could you {algorithm} this string: "{text}"
        """), lambda a, r: {"hash": hashlib.new(a["algorithm"], a["text"].encode()).hexdigest()},
        names=("compute_hash", "get_text_digest")),
    FunctionSpec("hash_file", _DOMAIN, "Compute the checksum of a file",
        (text("path", values.file_path, names=("file",)), choice("algorithm", _ALGORITHMS, required=False, default="sha256")),
        lines("""
            Compute the checksum of {path}[ with {algorithm}]
            What is the[ {algorithm}] checksum of the file {path}?
            Checksum {path}[ using {algorithm}]
            I want to verify {path}, give me its checksum[ in {algorithm}]
            Hash the file {path}[ with {algorithm}]
            Get me a[ {algorithm}] hash of the file {path}
            file hash for {path}[, {algorithm}]
            Can you calculate the file checksum of {path}[ by {algorithm}]?
            I downloaded {path}. What's its[ {algorithm}] checksum?
        """), _hash_file, names=("file_checksum", "checksum_file")),
    FunctionSpec("sign_text", _DOMAIN, "Sign a text with a secret key (HMAC)",
        (text("text", _MESSAGE, names=("message",)), text("key", values.slug, names=("secret",))),
        lines("""
            Sign "{text}" with the key {key}
            Compute the HMAC of "{text}" using the secret {key}
            What is the HMAC signature of "{text}" for key {key}?
            Please sign the message "{text}", the key is {key}
            hmac "{text}" key {key}
            With the secret key {key}, sign "{text}"
            I need a signature for "{text}" made with {key}
            Use {key} as key and sign the text "{text}"
            Give me the signed version of "{text}", secret {key}
        """), lambda a, r: {"signature": hmac.new(a["key"].encode(), a["text"].encode(), "sha1").hexdigest()},
        names=("compute_hmac", "hmac_text")),
    FunctionSpec("compute_crc32", _DOMAIN, "Compute the CRC-32 of a text",
        (text("text", _MESSAGE, names=("input",)),),
        lines("""
            Compute the CRC32 of "{text}"
            What is the crc32 of "{text}"?
            CRC-32 for the text "{text}" please
            crc32 "{text}"
            I need the CRC32 value of "{text}"
            Give me a 32-bit CRC for "{text}"
            Can you work out the CRC-32 of the string "{text}"?
            Calculate a CRC32 over "{text}"
            Which CRC-32 does "{text}" have?
        """), lambda a, r: {"crc32": f"{zlib.crc32(a['text'].encode()):08x}"}, names=("crc32", "get_crc")),
    FunctionSpec("encode_base64", _DOMAIN, "Encode a text as Base64",
        (text("text", _MESSAGE, names=("input",)), flag("url_safe", "in the URL-safe alphabet", "in the standard alphabet")),
        lines("""
            Encode "{text}" as base64[ {url_safe}]
            Convert "{text}" to base64[, {url_safe}]
            What is "{text}" in base64[, {url_safe}]?
            base64 encode "{text}"[ {url_safe}]
            Give me the base64 form of "{text}"[ {url_safe}]
            Please base64 the text "{text}"[, {url_safe}]
            Turn the string "{text}" into Base64[ {url_safe}]
            I need "{text}" base64 encoded[, {url_safe}]
            How does "{text}" look after base64 encoding[, {url_safe}]?
        """), lambda a, r: {"base64": (base64.urlsafe_b64encode if a["url_safe"] else base64.b64encode)(a["text"].encode()).decode()},
        names=("base64_encode", "to_base64")),
    FunctionSpec("decode_base64", _DOMAIN, "Decode Base64 to text",
        (text("data", _base64_text, names=("encoded",)),),
        lines("""
            Decode the base64 {data}
            What does {data} say in plain text? It is base64
            base64 decode {data}
            Convert {data} from base64 to text
            Please decode this base64 string: {data}
            I got the base64 text {data}, what does it mean?
            Undo the base64 encoding of {data}
            {data} is base64, decode it
            Read the Base64 message {data} for me
        """), lambda a, r: {"text": base64.b64decode(a["data"]).decode()}, names=("base64_decode", "from_base64")),
    FunctionSpec("encode_hex", _DOMAIN, "Encode a text as hexadecimal bytes",
        (text("text", _MESSAGE, names=("input",)), flag("uppercase", "in uppercase digits", "in lowercase digits")),
        lines("""
            Encode "{text}" as hex[ {uppercase}]
            Convert the text "{text}" to hexadecimal[ {uppercase}]
            What is "{text}" in hex[, {uppercase}]?
            hex encode "{text}"[ {uppercase}]
            Show me "{text}" as hexadecimal bytes[ {uppercase}]
            Please write "{text}" in hex[, {uppercase}]
            I need the hex bytes of "{text}"[ {uppercase}]
            Turn "{text}" into hexadecimal[, {uppercase}]
            Dump the string "{text}" in hex[ {uppercase}]
        """), lambda a, r: {"hex": a["text"].encode().hex().upper() if a["uppercase"] else a["text"].encode().hex()},
        names=("text_to_hex", "hex_encode")),
    FunctionSpec("decode_hex", _DOMAIN, "Decode hexadecimal bytes to text",
        (text("data", _hex_text, names=("hex",)),),
        lines("""
            Decode the hex string {data}
            What text is {data} in hex?
            hex decode {data}
            Convert the hexadecimal {data} to text
            Please turn the hex bytes {data} back into text
            {data} is hexadecimal, what does it say?
            Which word do the hex bytes {data} spell?
            I have the hex dump {data}, read it for me
            Translate {data} from hex to characters
        """), lambda a, r: {"text": bytes.fromhex(a["data"]).decode()}, names=("hex_to_text", "hex_decode")),
    FunctionSpec("encode_url", _DOMAIN, "Percent-encode a text for a URL",
        (text("text", _MESSAGE, names=("input",)),),
        lines("""
            URL-encode "{text}"
            Percent-encode "{text}" for a link
            How do I write "{text}" in a URL?
            url encode: "{text}"
            Make "{text}" safe to use in a URL
            Please escape "{text}" for a query string
            I want to put "{text}" in a web address, encode it
            Convert "{text}" to percent encoding
            Give me the URL-encoded form of "{text}"
        """), lambda a, r: {"encoded": urllib.parse.quote(a["text"])}, names=("url_encode", "percent_encode")),
    FunctionSpec("decode_url", _DOMAIN, "Decode a percent-encoded text",
        (text("text", _quoted_url, names=("encoded",)),),
        lines("""
            URL-decode {text}
            Decode the percent-encoded text {text}
            What does {text} mean without the URL encoding?
            url decode: {text}
            Turn {text} from a URL back into plain words
            Please unescape the query string {text}
            Remove the percent encoding in {text}
            I copied {text} from a link, decode it
            Make the URL text {text} readable
        """), lambda a, r: {"text": urllib.parse.unquote(a["text"])}, names=("url_decode", "percent_decode")),
    FunctionSpec("escape_html", _DOMAIN, "Escape special characters for HTML",
        (text("text", _html_text, names=("input",)),),
        lines("""
            Escape {text} for HTML
            How do I show {text} literally on a web page?
            HTML-escape {text}
            Make {text} safe to print in HTML
            Please escape the markup {text}
            Replace the special characters of {text} by HTML entities
            html escape this: {text}
            Write {text} with HTML entities
            I want visitors to see {text} as it is, escape it
        """), lambda a, r: {"html": html.escape(a["text"])}, names=("html_escape",)),
    FunctionSpec("unescape_html", _DOMAIN, "Turn HTML entities back into characters",
        (text("text", _escaped_html, names=("html",)),),
        lines("""
            Unescape the HTML text {text}
            What does {text} say without HTML entities?
            HTML-unescape {text}
            Convert the entities in {text} back to characters
            Please decode the HTML entities of {text}
            html unescape: {text}
            Turn {text} into plain characters, it has HTML entities
            Read {text} with its entities resolved
            Resolve all HTML entities in {text}
        """), lambda a, r: {"text": html.unescape(a["text"])}, names=("html_unescape", "decode_html_entities")),
    FunctionSpec("text_to_binary", _DOMAIN, "Write a text as binary digits",
        (text("text", values.word, names=("input",)),),
        lines("""
            Write "{text}" in binary
            What is the word "{text}" in binary?
            Convert "{text}" to zeros and ones
            binary code for "{text}"
            Please turn the text "{text}" into binary digits
            Show the bits of "{text}"
            How does a computer store "{text}" in bits?
            I want "{text}" spelled in binary
            Give me "{text}" as ones and zeros
        """), lambda a, r: {"binary": " ".join(f"{byte:08b}" for byte in a["text"].encode())}, names=("encode_binary",)),
    FunctionSpec("binary_to_text", _DOMAIN, "Read binary digits as text",
        (text("bits", _bits, names=("binary",)),),
        lines("""
            What text is {bits} in binary?
            Read the binary {bits} as text
            Decode the bits {bits}
            binary to text: {bits}
            Convert the zeros and ones {bits} to letters
            Please translate the binary digits {bits} to text
            Which letters do the bits {bits} stand for?
            Somebody sent me {bits}, what does this binary say?
            Turn {bits} from binary into characters
        """), lambda a, r: {"text": bytes(int(byte, 2) for byte in a["bits"].split()).decode()}, names=("decode_binary",)),
    FunctionSpec("caesar_cipher", _DOMAIN, "Shift the letters of a text",
        (text("text", _MESSAGE, names=("message",)), integer("shift", values.whole(1, 25), names=("key",))),
        lines("""
            Encrypt "{text}" with a Caesar cipher of {shift}
            Apply a Caesar shift of {shift} to "{text}"
            Caesar cipher "{text}" by {shift}
            Shift the letters of "{text}" by {shift}
            What is "{text}" in a Caesar cipher with shift {shift}?
            Please move every letter of "{text}" {shift} places
            Use Caesar with key {shift} on "{text}"
            I want "{text}" rotated by {shift} letters
            Make a secret message of "{text}", Caesar style, {shift} letters on
        """), _caesar, names=("shift_cipher", "rotate_letters")),
    FunctionSpec("text_to_morse", _DOMAIN, "Write a text in Morse code",
        (text("text", values.mixed(values.word, values.phrase, values.first_name), names=("message",)),),
        lines("""
            Write "{text}" in Morse code
            What is "{text}" in morse?
            Convert "{text}" to Morse
            morse code for "{text}"
            Please translate "{text}" into Morse code
            How do I send "{text}" in Morse code?
            Spell "{text}" with dots and dashes
            I want "{text}" as Morse
            Turn the words "{text}" into morse code
        """), _morse, names=("encode_morse",)),
    FunctionSpec("morse_to_text", _DOMAIN, "Read Morse code",
        (text("morse", _morse_text, names=("code",)),),
        lines("""
            What does {morse} mean in Morse code?
            Decode the Morse code {morse}
            Read the morse message {morse}
            morse to text: {morse}
            Please translate {morse} from Morse
            Which word is {morse} in Morse?
            I heard {morse}, which is Morse code, what is it?
            Turn the dots and dashes {morse} into letters
            Somebody is signalling {morse}, what do they say?
        """), _from_morse, names=("decode_morse",)),
    FunctionSpec("generate_password", _DOMAIN, "Generate a random password",
        (integer("length", values.whole(6, 64), "number of characters", names=("size",)),
         flag("symbols", "with symbols", "without symbols", names=("special_characters",))),
        lines("""
            Generate a password of {length} characters[ {symbols}]
            Make me a random password with length {length}[, {symbols}]
            I need a new password, {length} characters long[, {symbols}]
            Create a {length} character password[ {symbols}]
            password please, {length} chars[, {symbols}]
            Can you think up a password with {length} characters[ {symbols}]?
            Give me a secure password of length {length}[ {symbols}]
            Suggest a password[ {symbols}], {length} characters
            For my new account, a {length} character password[ {symbols}] would be good
        """), _new_password, names=("create_password", "random_password")),
    FunctionSpec("check_password", _DOMAIN, "Rate how strong a password is",
        (text("password", _password),),
        lines("""
            How strong is the password {password}?
            Check the strength of the password {password}
            Is {password} a good password?
            Rate my password {password}
            password strength of {password}
            Please tell me if {password} is a safe password
            Would {password} be hard to guess as a password?
            I'm thinking of {password} as password, is it strong enough?
            Judge this password for me: {password}
        """), _strength, names=("password_strength", "rate_password")),
    FunctionSpec("generate_uuid", _DOMAIN, "Generate random UUIDs",
        (integer("count", values.whole(1, 40), names=("number",)),),
        lines("""
            Generate {count} UUIDs
            Give me {count} random UUIDs
            I need {count} new UUIDs
            Create {count} uuids please
            uuid x {count}
            Can you make {count} UUIDs for me?
            Produce {count} universally unique identifiers
            How about {count} fresh UUIDs?
            Let me have unique ids, {count} UUIDs
        """), _uuid, names=("create_uuids", "make_uuid")),
    FunctionSpec("generate_token", _DOMAIN, "Generate a random token of bytes",
        (integer("bytes", values.one_of((8, 12, 16, 20, 24, 32, 40, 48, 64)), names=("size",)), choice("format", ("hex", "base64"), required=False, default="hex")),
        lines("""
            Generate a random token of {bytes} bytes[ in {format}]
            Make a secret token, {bytes} bytes[, as {format}]
            I need an API token with {bytes} bytes[ in {format} format]
            token please, {bytes} bytes[, {format}]
            Create a[ {format}] token from {bytes} random bytes
            Can you give me a {bytes} byte token[ in {format}]?
            Produce {bytes} random bytes as a token[ in {format}]
            Let me have a fresh {bytes} byte secret token[, {format}]
            Draw a random token[ in {format}] that is {bytes} bytes long
        """), lambda a, r: {"token": values.hexadecimal(min(32, 2 * a["bytes"]))(r)}, names=("random_token", "create_token")),
)  # fmt: skip
