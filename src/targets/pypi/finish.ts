// The Python program that makes built files the same for every build of a tree, and reads their metadata.

/**
 * `python finish.py EPOCH FOLDER` rewrites every wheel and sdist in FOLDER with sorted members, one time and plain modes, gives sdists
 * the name that PEP 625 asks for, and prints a JSON list of `{ name, filetype, pyversion, blake2_256, fields }`. Fields are named as the
 * upload form names them (https://docs.pypi.org/api/upload/, https://packaging.python.org/specifications/core-metadata/).
 */
export const FINISH = String.raw`
import email.parser, gzip, hashlib, json, os, re, shutil, stat, sys, tarfile, tempfile, time, zipfile

epoch, folder = int(sys.argv[1]), sys.argv[2]
RENAMED = {"classifier": "classifiers", "project_url": "project_urls"}


def finish_sdist(path, fields):
    # PEP 625 names sdists so; older setuptools leaves dashes, dots and capitals as they are, which PyPI refuses.
    old_stem = os.path.basename(path)[:-len(".tar.gz")]
    stem = re.sub(r"[-_.]+", "_", fields["name"]).lower() + "-" + fields["version"]
    renamed = os.path.join(folder, stem + ".tar.gz")
    with tempfile.TemporaryFile() as plain:
        with gzip.open(path) as packed:
            shutil.copyfileobj(packed, plain)
        plain.seek(0)
        with tarfile.open(fileobj=plain, mode="r:") as old, open(path + ".new", "wb") as raw, \
                gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=epoch) as packed, \
                tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as new:
            # A hard link must come after the file it points to.
            for member in sorted(old.getmembers(), key=lambda each: (each.islnk(), each.name)):
                member.mtime, member.uid, member.gid, member.uname, member.gname = epoch, 0, 0, "", ""
                member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
                member.pax_headers = {}
                content = old.extractfile(member) if member.isreg() else None
                member.name = moved(member.name, old_stem, stem)
                if member.islnk():
                    member.linkname = moved(member.linkname, old_stem, stem)
                new.addfile(member, content)
    os.remove(path)
    os.replace(path + ".new", renamed)
    return renamed


def moved(name, old_stem, stem):
    return stem + name[len(old_stem):] if name.split("/")[0] == old_stem else name


def finish_wheel(path):
    # Zip knows no time before 1980.
    when = max(time.gmtime(epoch)[:6], (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(path + ".new", "w") as new:
        entries = [each for each in old.infolist() if not each.is_dir()]
        # The wheel specification asks for the .dist-info folder at the end of the archive.
        for entry in sorted(entries, key=lambda each: (".dist-info/" in each.filename, each.filename)):
            fresh = zipfile.ZipInfo(entry.filename, when)
            fresh.create_system, fresh.compress_type, fresh.file_size = 3, zipfile.ZIP_DEFLATED, entry.file_size
            runs = (entry.external_attr >> 16) & 0o100
            fresh.external_attr = (stat.S_IFREG | (0o755 if runs else 0o644)) << 16
            with old.open(entry) as source, new.open(fresh, "w") as target:
                shutil.copyfileobj(source, target)
    os.replace(path + ".new", path)
    return path


def metadata_text(path):
    if path.endswith(".whl"):
        with zipfile.ZipFile(path) as wheel:
            for name in wheel.namelist():
                if re.fullmatch(r"[^/]+\.dist-info/METADATA", name):
                    return wheel.read(name)
    else:
        with tarfile.open(path) as sdist:
            for member in sdist:
                if re.fullmatch(r"[^/]+/PKG-INFO", member.name):
                    return sdist.extractfile(member).read()
    sys.exit(os.path.basename(path) + " holds no core metadata")


def fields_of(path):
    message = email.parser.Parser().parsestr(metadata_text(path).decode("utf-8", "replace"))
    numbers = re.findall(r"\d+", message.get("Metadata-Version", "0"))
    for header, value in message.items():
        name = header.lower().replace("-", "_")
        # setuptools writes License-File long before the version of the metadata that knows it.
        if name == "license_file" and tuple(map(int, numbers)) < (2, 4):
            continue
        first, newline, rest = str(value).partition("\n")
        yield RENAMED.get(name, name), first + newline + re.sub(r"(?m)^(?: {7}\||[ \t]{1,8})", "", rest)
    body = message.get_payload()
    if isinstance(body, str) and body.strip():
        yield "description", body


def blake2_256(path):
    digest = hashlib.blake2b(digest_size=32)
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


built = []
for name in sorted(os.listdir(folder)):
    path = os.path.join(folder, name)
    if not name.endswith((".whl", ".tar.gz")):
        continue
    fields = list(fields_of(path))
    if name.endswith(".whl"):
        path = finish_wheel(path)
        kind = {"filetype": "bdist_wheel", "pyversion": name[:-4].split("-")[-3]}
    else:
        path = finish_sdist(path, dict(fields))
        kind = {"filetype": "sdist", "pyversion": "source"}
    built.append({"name": os.path.basename(path), **kind, "blake2_256": blake2_256(path), "fields": fields})
print(json.dumps(sorted(built, key=lambda each: each["name"])))
`.trimStart()
