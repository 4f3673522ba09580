// Writes countries.json and countries.LICENSE.txt beside this script: the 249 officially assigned ISO 3166-1 alpha-2 codes and XK,
// which ISO leaves to its users and the register uses for Kosovo, with their names in French, English and Arabic, from Unicode CLDR (npm package cldr-localenames-full, Unicode licence v3). In a folder of your own:
//
//   npm install cldr-localenames-full@48.2.0
//   node …/countries.mjs node_modules/cldr-localenames-full
//
// CLDR's two-letter territories are ISO's, with those below in addition. For PS, HK and MO its short form is taken
// ("Palestine", "Hong Kong", "Macao"), which is how the register's users say it.

import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const exceptionallyReserved = ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "TA", "UN"];
const privateUse = ["QO", "XA", "XB", "ZZ"];
const short = ["HK", "MO", "PS"];

const cldr = process.argv[2];
if (!cldr) throw new Error("usage: node countries.mjs <folder of cldr-localenames-full>");
const here = dirname(fileURLToPath(import.meta.url));

const names = Object.fromEntries(["fr", "en", "ar"].map(language => {
  const file = JSON.parse(readFileSync(join(cldr, "main", language, "territories.json"), "utf8"));
  return [language, file.main[language].localeDisplayNames.territories];
}));

const codes = Object.keys(names.en)
  .filter(code => /^[A-Z]{2}$/.test(code) && !exceptionallyReserved.includes(code) && !privateUse.includes(code))
  .sort();
if (codes.length !== 250) throw new Error(`expected 250 codes, found ${codes.length}`);

const lines = codes.map(code => {
  const label = Object.fromEntries(Object.entries(names).map(([language, territories]) => {
    const name = territories[short.includes(code) ? `${code}-alt-short` : code];
    if (!name) throw new Error(`${code} has no name in ${language}`);
    return [language, name];
  }));
  return `  ${JSON.stringify(code)}: ${JSON.stringify(label)}`;
});

writeFileSync(join(here, "countries.json"), `{\n${lines.join(",\n")}\n}\n`);
copyFileSync(join(cldr, "LICENSE"), join(here, "countries.LICENSE.txt"));
