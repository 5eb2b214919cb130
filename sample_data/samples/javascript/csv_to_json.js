#!/usr/bin/env node
const fs = require('fs');

function parseCsv(text, separator = ',') {
  const rows = [[]];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') {
        field += '"';
        i++;
      } else if (c === '"') {
        quoted = false;
      } else {
        field += c;
      }
    } else if (c === '"') {
      quoted = true;
    } else if (c === separator) {
      rows[rows.length - 1].push(field);
      field = '';
    } else if (c === '\n') {
      rows[rows.length - 1].push(field);
      rows.push([]);
      field = '';
    } else if (c !== '\r') {
      field += c;
    }
  }
  if (quoted) throw new Error('unterminated quoted field');
  if (field !== '' || rows[rows.length - 1].length) rows[rows.length - 1].push(field);
  return rows.filter((row) => row.length);
}

function toObjects([header, ...rows]) {
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? null])));
}

if (require.main === module) {
  const text = fs.readFileSync(process.argv[2] || 0, 'utf8');
  process.stdout.write(JSON.stringify(toObjects(parseCsv(text)), null, 2) + '\n');
}

module.exports = { parseCsv, toObjects };
