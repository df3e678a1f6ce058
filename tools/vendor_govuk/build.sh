#!/bin/sh
# Compile the subset of GOV.UK Frontend that we use, for committing. See docs/contribute/components.md.
#
#     tools/vendor_govuk/build.sh
#
# Needs node 20 or later. The version is the one in package.json beside this file.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/package.json" "$here/govuk.scss" "$here/govuk.mjs" "$work"
cd "$work"
npm install --no-audit --no-fund --ignore-scripts --silent
version=$(node -p 'require("govuk-frontend/package.json").version')

out="$root/src/localoffer/ui/static/ui/vendor"
mkdir -p "$out"
rm -f "$out"/govuk-frontend-*.min.*
npx sass --pkg-importer=node --style=compressed --no-source-map --quiet-deps --no-charset \
  govuk.scss "$out/govuk-frontend-$version.min.css"
npx esbuild govuk.mjs --bundle --minify --format=esm --target=es2020 --legal-comments=none \
  --log-level=error --outfile="$out/govuk-frontend-$version.min.js"
{
  echo "GOV.UK Frontend $version, https://github.com/alphagov/govuk-frontend"
  echo
  cat "$here/LICENSE-govuk-frontend.txt"
} >"$out/LICENSE.txt"

fixtures="$root/tests/ui/fixtures"
rm -rf "$fixtures"
sed -n 's|.*/components/\([a-z-]*\)".*|\1|p' govuk.scss | while read -r component; do
  mkdir -p "$fixtures/$component"
  cp "node_modules/govuk-frontend/dist/govuk/components/$component/fixtures.json" \
    "$fixtures/$component/fixtures.json"
done
echo "GOV.UK Frontend $version compiled. Now run: python -m pytest tests/ui"
