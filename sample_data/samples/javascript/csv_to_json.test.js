const test = require('node:test');
const assert = require('node:assert/strict');
const { parseCsv, toObjects } = require('./csv_to_json');

test('plain fields', () => {
  assert.deepEqual(parseCsv('a,b\n1,2\n'), [['a', 'b'], ['1', '2']]);
});

test('quotes protect separators, newlines and quotes', () => {
  assert.deepEqual(parseCsv('"a,b","c\nd","say ""hi"""'), [['a,b', 'c\nd', 'say "hi"']]);
});

test('empty fields stay', () => {
  assert.deepEqual(parseCsv('a,,c\n'), [['a', '', 'c']]);
});

test('windows line ends', () => {
  assert.deepEqual(parseCsv('a\r\nb\r\n'), [['a'], ['b']]);
});

test('an open quote is an error', () => {
  assert.throws(() => parseCsv('"abc'), /unterminated/);
});

test('short rows are filled with null', () => {
  assert.deepEqual(toObjects([['x', 'y'], ['1']]), [{ x: '1', y: null }]);
});
