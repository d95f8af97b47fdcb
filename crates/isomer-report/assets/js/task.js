// One task whole.

function part(name, ...children) {
  const content = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  return content.length ? h('section', { class: 'part' }, h('h3', null, name), content) : null;
}

function figuresOf(row, task) {
  const { passes, mutants, coverage, size } = task.measures;
  const counted = row.near_misses;
  const all = [
    counted ? tile(percent(row.kill, 0), 'near-misses killed', `${row.killed} of ${counted}; the first tests killed ${percent(task.kill_rate_before, 0)}`) : null,
    mutants && mutants.made > mutants.equivalent ? tile(percent(row.mutants, 0), 'mutants killed', `${mutants.killed} of ${mutants.made - mutants.equivalent}; ${mutants.equivalent} equivalent left out`) : null,
    coverage ? tile(percent(row.coverage, 0), 'lines reached', coverage.branches ? `branches taken ${percent(coverage.branches_taken / coverage.branches, 0)} of ${coverage.branches}` : `of ${coverage.lines}`) : null,
    passes ? tile(`${passes.passed} of ${passes.samples}`, 'samples pass', `95 % interval ${percent(passes.low, 0)} to ${percent(passes.high, 0)}`) : null,
    size ? tile(count(size.cyclomatic), 'cyclomatic complexity', `${plural(size.lines, 'line')}, ${plural(size.tokens, 'token')}`) : null,
  ].filter(Boolean);
  return all.length ? tiles(all) : null;
}

function solution(task) {
  const { mutants, coverage } = task.measures;
  const marks = new Map();
  const below = new Map();
  for (const line of coverage?.missed ?? []) marks.set(line, { kind: 'missed', sign: '○', tip: 'no test reaches this line' });
  for (const one of mutants?.survivors ?? []) {
    const list = below.get(one.line) ?? below.set(one.line, []).get(one.line);
    list.push(h('div', { class: 'survivor' }, h('span', null, `▲ survives, ${words(one.operator)}: `), h('code', { class: 'gone' }, one.before), ' → ', h('code', { class: 'new' }, one.after ? one.after : '(left out)')));
    if (!marks.has(one.line)) marks.set(one.line, { kind: 'weak', sign: '▲', tip: '' });
  }
  const legend = [
    coverage?.missed.length ? h('span', { class: 'key' }, h('b', null, '○'), `no test reaches: line ${coverage.missed.join(', ')}`) : null,
    below.size ? h('span', { class: 'key' }, h('b', null, '▲'), `a mutant that the tests accept, although some input separates it from the reference: line ${[...below.keys()].sort((a, b) => a - b).join(', ')}`) : null,
  ].filter(Boolean);
  return [legend.length ? h('p', { class: 'legend' }, legend) : null, code(task.solution, { marks, below, name: 'Reference solution' })];
}

function testsOf(row, task) {
  const parts = [];
  if (task.tests.length) {
    const one = ([input, output], at) => h('tr', null, h('td', { class: 'number' }, at + 1), h('td', null, plain(input, `Input ${at + 1}`)), h('td', null, plain(output, `Output ${at + 1}`)));
    const body = h('tbody', null, task.tests.slice(0, 5).map(one));
    const more = task.tests.length > 5 ? h('button', { type: 'button', class: 'more', onclick: () => {
      body.append(...task.tests.slice(5).map((test, at) => one(test, at + 5)));
      more.remove();
    } }, `${count(task.tests.length - 5)} more`) : null;
    parts.push(h('div', { class: 'scroll' }, h('table', { class: 'tests' }, h('thead', null, h('tr', null, ['#', 'input', 'expected'].map((name) => h('th', { scope: 'col' }, name)))), body)), more);
  }
  if (task.tests.length < row.tests && !task.expected) parts.push(h('p', { class: 'note' }, `${count(task.tests.length)} of ${plural(row.tests, 'test')} shown.`));
  if (task.expected) parts.push(h('details', null, h('summary', null, `${plural(task.expected.tests.length, 'test')} collected${task.expected.trust === 'in_process' ? ', run in the solution’s interpreter' : ''}`), h('ul', { class: 'names' }, task.expected.tests.map((name) => h('li', null, h('code', null, name))))));
  if (task.pytest) parts.push(h('details', null, h('summary', null, 'Test file'), code(task.pytest, { name: 'Test file' })));
  if (task.generator) parts.push(h('details', null, h('summary', null, 'Generator of the tests'), code(task.generator, { name: 'Generator' })));
  return parts;
}

function neighbours(task) {
  const sets = data.head.measured.originality.against;
  const rows = [...task.measures.nearest].sort((a, b) => b.value - a.value).map((one) => [MEASURES[one.by].name, one.value.toFixed(3), h('code', null, one.other), sets[one.set]?.name ?? '']);
  return rows.length ? h('div', { class: 'scroll' }, table(['by', 'how alike', 'neighbour', 'set'], rows)) : null;
}

function provenance(task) {
  const from = task.provenance;
  const rows = [];
  if (task.parents.length) rows.push(['seeds', [h('code', null, task.parents[0]), ' gave the core', task.parents.length > 1 ? ', inspired by ' : '', task.parents.slice(1).map((one, at) => [at ? ', ' : '', h('code', null, one)])]]);
  if (from) {
    rows.push(['model', [from.model, from.replayed ? h('span', { class: 'badge recording' }, 'from a recording') : '']],
      ['calls', Object.entries(from.calls).map(([stage, calls]) => `${stage} ${calls}`).join(', ')],
      ['tokens', `${count(from.prompt_tokens)} in, ${count(from.completion_tokens)} out${from.replayed ? ', as recorded' : ''}`],
      ['cost', from.cost_usd === null ? 'unknown' : `${dollars(from.cost_usd)}${from.replayed ? ', as recorded' : ''}`],
      ['made by', `isomer ${from.isomer}, seed ${from.seed}, sample ${from.sample}`],
      ['pack digest', h('code', null, from.pack_digest)], ['prompts digest', h('code', null, from.prompts_digest)]);
  }
  rows.push(['hardening', `${plural(task.rounds, 'round')}, ${plural(task.repairs, 'repair')}, ${plural(task.inputs_tried, 'input')} tried on survivors`], ['id', h('code', null, task.id)]);
  return h('dl', null, rows.map(([name, value]) => [h('dt', null, name), h('dd', null, value)]));
}

function taskPage(row, task) {
  const elements = task.elements.map(([name, value]) => [h('dt', null, name, task.core_elements.includes(name) ? h('span', { class: 'tag' }, 'core') : null), h('dd', null, statement(value))]);
  return h('article', { class: 'task-page' },
    h('header', null, h('h2', { tabindex: -1, id: 'task-title' }, row.title || 'untitled'),
      h('p', { class: 'badges' }, h('code', null, task.id), h('span', { class: 'badge' }, task.judge_mode, task.fn_name ? [' ', h('code', null, task.fn_name)] : ''), h('span', { class: 'badge' }, `compared: ${words(task.comparison)}`), task.pack ? h('span', { class: 'badge' }, words(task.pack)) : null, row.replayed ? h('span', { class: 'badge recording' }, 'recorded answers') : null)),
    figuresOf(row, task),
    part('Statement', statement(task.statement, row.title)),
    task.near_misses.length ? part('Near-misses × tests', matrix(task)) : null,
    textOf(task.solution) ? part('Reference solution', task.header ? h('details', null, h('summary', null, 'Header that every solution begins with'), code(task.header)) : null, solution(task)) : null,
    part('Tests', testsOf(row, task)),
    elements.length ? part('Elements', h('dl', { class: 'elements' }, elements)) : null,
    part('Nearest neighbours', neighbours(task)),
    part('Provenance', provenance(task)));
}
