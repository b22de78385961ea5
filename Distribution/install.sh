#!/usr/bin/env bash
# Puts the program, its completions, man pages and documentation below a prefix. `make install` calls it, and so do the
# tarball and the Debian package, each with a folder of its own in front of the prefix.
#
#   Distribution/install.sh PROGRAM FOLDER-OF-MAN-PAGES DESTDIR PREFIX
set -euo pipefail
program=$(realpath "$1") pages=$(realpath "$2") root=$(realpath -m "$3/$4")
cd "$(dirname "$0")/.."
install -d "$root/bin" "$root/share/man/man1" "$root/share/doc/replicate"
# A new file, moved into place: the old program may be at work.
strip --strip-unneeded -o "$root/bin/.replicate" "$program"
chmod 755 "$root/bin/.replicate"
mv "$root/bin/.replicate" "$root/bin/replicate"
install -m 644 "$pages"/*.1.gz "$root/share/man/man1"
complete() {
  install -d "$root/share/$(dirname "$2")"
  "$program" --generate-completion-script "$1" | sed '1{/^#!/d}' >"$root/share/$2"  # it is read, not run
  chmod 644 "$root/share/$2"
}
complete bash bash-completion/completions/replicate
complete zsh "zsh/${ZSH_FOLDER:-site-functions}/_replicate"
complete fish fish/vendor_completions.d/replicate.fish
install -m 644 README.md CHANGELOG.md LICENSE CITATION.cff experiments.toml "$root/share/doc/replicate"
cp -r --no-preserve=mode,ownership Documentation figures "$root/share/doc/replicate"
