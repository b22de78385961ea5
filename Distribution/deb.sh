#!/usr/bin/env bash
# A Debian package of what Distribution/install.sh puts in place. What the program is linked to is found out by Debian's
# own dpkg-shlibdeps; the Swift runtime and Boost are inside it.
#
#   Distribution/deb.sh PROGRAM FOLDER-OF-MAN-PAGES VERSION FILE.deb
#
# MAINTAINER and SOURCE_DATE_EPOCH say who made it, and when.
set -euo pipefail
program=$1 pages=$2 version=$3 file=$4
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
architecture=$(dpkg --print-architecture)
maintainer=${MAINTAINER:-The replicate developers <replicate@example.org>}

stage=$work/stage documents=$work/stage/usr/share/doc/replicate
ZSH_FOLDER=vendor-completions "$here/install.sh" "$program" "$pages" "$stage" /usr
rm "$documents/LICENSE"
install -m 644 "$here/copyright" "$documents/copyright"
printf 'replicate (%s) unstable; urgency=medium\n\n  * CHANGELOG.md says what has changed.\n\n -- %s  %s\n' "$version" \
  "$maintainer" "$(date -uR -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}")" | gzip -9n >"$documents/changelog.gz"

mkdir "$work/debian"
printf 'Source: replicate\n\nPackage: replicate\nArchitecture: %s\n' "$architecture" >"$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O "$stage/usr/bin/replicate" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
mkdir "$stage/DEBIAN"
sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@LIBRARIES@/$libraries/" \
  -e "s/@MAINTAINER@/$maintainer/" \
  -e "s/@SIZE@/$(du -sk --exclude=DEBIAN "$stage" | cut -f1)/" "$here/control.in" >"$stage/DEBIAN/control"
(cd "$stage" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$stage/DEBIAN/md5sums"
find "$stage" -type d -exec chmod 755 {} +
mkdir -p "$(dirname "$file")"
dpkg-deb --root-owner-group -Zxz -z6 --build "$stage" "$file" >/dev/null
echo "$file"
