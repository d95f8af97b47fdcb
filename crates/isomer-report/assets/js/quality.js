// Difficulty and test quality.

function difficultySection({ difficulty }) {
  const { target, proxies } = difficulty;
  const proxy = (title, spread, note) => (spread && spread.count ? figure({ title, tag: 'proxy', note, line: inWords(spread, 'count'), draw: histogram(spread, { kind: 'count', what: title }), numbers: () => spreadTable(spread, 'count') }) : null);
  return section('difficulty', 'Difficulty', target ? `What ${target.model} makes of the tasks, ${plural(target.samples, 'sample')} each.` : 'No model was asked to solve the tasks; what follows are signs of difficulty, not difficulty.',
    target ? [
      target.replayed ? h('p', { class: 'recording' }, h('strong', null, 'Recording. '), 'These answers were replayed; tokens and cost are the recorded ones.') : null,
      tiles(
        tile(percent(target.inside.share, 0), 'inside the band that teaches', `${percent(target.band[0], 0)} to ${percent(target.band[1], 0)} of samples pass; ${within(target.inside)}`),
        target.disagreement !== null ? tile(percent(target.disagreement, 0), 'disagreement', 'pairs of samples of a task that answer differently') : null,
        tile(count(target.calls), 'calls', `${count(target.prompt_tokens)} tokens in, ${count(target.completion_tokens)} out`),
        tile(target.cost_usd === null ? 'unknown' : dollars(target.cost_usd), target.replayed ? 'cost, recorded' : 'cost', `${plural(target.tasks, 'task')} judged`)),
      h('div', { class: 'grid-of' },
        target.pass_at.length ? figure({ title: 'pass@k', note: 'Unbiased estimate, mean over tasks; intervals of 95 % by bootstrap over tasks.', draw: passCurve(target.pass_at), numbers: () => table(['k', 'mean', 'from', 'to'], target.pass_at.map((one) => [String(one.k), percent(one.mean), percent(one.low), percent(one.high)])) }) : null,
        figure({ title: 'Samples that pass', note: 'Share per task; shaded: the band that teaches.', line: inWords(target.spread, 'rate'), draw: histogram(target.spread, { kind: 'rate', band: target.band, height: 190, what: 'Share of samples that pass' }), numbers: () => spreadTable(target.spread, 'rate') })),
      h('h3', { class: 'set' }, 'Proxies', h('span', { class: 'note' }, ' known without asking a model: signs of difficulty, not difficulty'))] : null,
    h('div', { class: 'grid-of four' },
      proxy('Lines of the reference', proxies.lines, 'Without blank lines and comments.'),
      proxy('Cyclomatic complexity', proxies.cyclomatic, 'Decisions plus one (McCabe).'),
      proxy('Tokens of the reference', proxies.tokens, ''),
      proxy('Length of the statement', proxies.statement, 'In letters.')),
    Object.values(proxies).every((one) => one === null) && !target ? missing('No solutions to look at.') : null);
}

function testsSection({ test_quality: found }) {
  const rows = [
    { name: 'near-misses killed', ...found.near_misses },
    { name: 'mutants killed', ...found.mutants },
    { name: 'lines reached', ...found.lines },
    { name: 'branches taken', ...found.branches },
    ...(found.pools ? [{ name: 'right solutions accepted', ...found.pools.true_positive }, { name: 'wrong solutions rejected', ...found.pools.true_negative }] : []),
  ].filter((row) => row.share !== null);
  const unmeasured = found.unmeasured.reduce((sum, one) => sum + one.tasks, 0);
  return section('tests', 'Test quality', 'What the tests find: near-misses that the run’s attackers wrote, mutants of the reference made without a model, and how much of the reference they reach.',
    found.tasks ? h('p', { class: 'note' }, `${plural(found.tasks, 'task')} run`, unmeasured ? `, ${count(unmeasured)} not` : '', found.reference_rejected ? h('strong', null, `; ${plural(found.reference_rejected, 'reference solution')} rejected by their own tests`) : '; every reference solution passes its own tests', found.equivalent ? `. ${plural(found.equivalent, 'mutant')} that no generated input separates from the reference are left out.` : '.') : null,
    h('div', { class: 'grid-of four first-wide' },
      rows.length ? figure({ title: 'What is found', note: 'Over all tasks, with intervals of 95 % (Wilson).', draw: intervals(rows), numbers: () => table(['measure', 'share', 'from', 'to', 'of'], rows.map((one) => [one.name, percent(one.share, 2), percent(one.low, 2), percent(one.high, 2), one.of])) }) : null,
      found.mutant_kill_rates?.count ? figure({ title: 'Mutants killed, by task', note: 'Of each task’s that are not equivalent.', line: inWords(found.mutant_kill_rates, 'rate'), draw: histogram(found.mutant_kill_rates, { kind: 'rate', what: 'Share of mutants killed' }), numbers: () => spreadTable(found.mutant_kill_rates, 'rate') }) : null,
      found.tests?.count ? figure({ title: 'Tests per task', note: 'Inputs, or tests of the test file.', line: inWords(found.tests, 'count'), draw: histogram(found.tests, { kind: 'count', what: 'Tests per task' }), numbers: () => spreadTable(found.tests, 'count') }) : null,
      found.unmeasured.length ? h('figure', null, h('figcaption', null, h('h3', null, 'Tasks that could not be run')), bars(found.unmeasured.map((one) => ({ name: words(one.name), value: one.tasks })))) : null),
    found.tasks || rows.length ? null : missing('The tests were not run.'));
}
