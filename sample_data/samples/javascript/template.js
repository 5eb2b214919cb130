// A tiny template language: {{ name }}, {{#each list}} … {{/each}}, {{#if flag}} … {{/if}}.
const TAG = /{{\s*(#each|#if|\/each|\/if)?\s*([\w.]*)\s*}}/g;

function parse(source) {
  const root = { kind: 'root', body: [] };
  const stack = [root];
  let position = 0;
  for (const match of source.matchAll(TAG)) {
    const top = stack[stack.length - 1];
    if (match.index > position) top.body.push({ kind: 'text', text: source.slice(position, match.index) });
    position = match.index + match[0].length;
    const [, keyword, name] = match;
    if (!keyword) {
      top.body.push({ kind: 'value', name });
    } else if (keyword.startsWith('#')) {
      const block = { kind: keyword.slice(1), name, body: [] };
      top.body.push(block);
      stack.push(block);
    } else {
      if (top.kind !== keyword.slice(1)) throw new SyntaxError(`unexpected ${match[0]}`);
      stack.pop();
    }
  }
  if (stack.length > 1) throw new SyntaxError(`${stack.pop().kind} is not closed`);
  root.body.push({ kind: 'text', text: source.slice(position) });
  return root;
}

const lookup = (context, name) => name.split('.').reduce((value, key) => value?.[key], context);

const escapeHtml = (value) =>
  String(value ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

function render(node, context) {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'value':
      return escapeHtml(lookup(context, node.name));
    case 'if':
      return lookup(context, node.name) ? renderAll(node.body, context) : '';
    case 'each':
      return (lookup(context, node.name) ?? [])
        .map((entry) => renderAll(node.body, { ...context, this: entry }))
        .join('');
    default:
      return renderAll(node.body, context);
  }
}

const renderAll = (nodes, context) => nodes.map((node) => render(node, context)).join('');

module.exports = (source) => {
  const tree = parse(source);
  return (context) => render(tree, context);
};
