// How the tasks came about: the funnel, what was lost and why, cost and time.

function funnel(run) {
  const seeds = run.seeds ?? 0;
  const most = Math.max(seeds, ...run.stages.map((stage) => stage.kept + stage.dropped + stage.failed), 1);
  const part = (kind, number, text) => (number ? h('span', { class: `part ${kind}`, style: { width: `${(100 * number) / most}%` }, 'data-tip': text }) : null);
  const row = (name, number, bar, side) => h('div', { class: 'funnel-row' }, h('span', { class: 'funnel-name' }, name), h('span', { class: 'funnel-number' }, count(number)), h('span', { class: 'funnel-bar' }, bar), h('span', { class: 'funnel-side' }, side));
  return h('figure', { class: 'wide' },
    h('figcaption', null, h('h3', null, 'Funnel'), h('p', { class: 'note' }, 'Items that left each stage with a product; hatched: rejected there. Bars share one scale.')),
    h('div', { class: 'funnel', role: 'list' },
      row('seeds', seeds, part('kept', seeds, plural(seeds, 'seed')), run.samples > 1 ? `× ${run.samples} samples` : ''),
      run.stages.map((stage) => {
        const ended = stage.kept + stage.dropped;
        return row(stage.product, stage.kept, [
          part('kept', stage.kept, `${stage.stage}: ${count(stage.kept)} kept`),
          part('dropped', stage.dropped, `${stage.stage}: ${count(stage.dropped)} rejected`),
          part('failed', stage.failed, `${stage.stage}: ${count(stage.failed)} not judged`)],
        [ended ? `${percent(stage.kept / ended)} of ${count(ended)}` : '', stage.open ? ` · ${count(stage.open)} open` : '', stage.failed ? ` · ${count(stage.failed)} not judged` : '']);
      })));
}

function rejects(run) {
  const all = run.stages.flatMap((stage) => stage.reasons.map((reason) => ({ ...reason, stage: stage.stage })));
  if (!all.length) return h('p', { class: 'note' }, 'No item was rejected.');
  const most = Math.max(...all.map((reason) => reason.count));
  all.sort((a, b) => b.count - a.count);
  return h('figure', { class: 'wide' }, h('figcaption', null, h('h3', null, 'Why items were rejected'), h('p', { class: 'note' }, 'Open a reason for examples with their evidence.')),
    all.map((reason) => h('details', { class: 'reason' },
      h('summary', null, h('span', { class: 'bar-name' }, words(reason.reason), h('span', { class: 'tag' }, reason.stage)), h('span', { class: 'bar-track' }, h('span', { class: 'bar-fill dropped', style: { width: `${(100 * reason.count) / most}%` } })), h('span', { class: 'bar-value' }, count(reason.count))),
      h('div', { class: 'examples' }, reason.examples.map((one) => h('article', null,
        h('h4', null, one.title || 'untitled', ' ', h('code', null, one.item.slice(0, 8))),
        h('p', null, one.detail),
        one.evidence.map(([name, text]) => h('details', null, h('summary', null, words(name)), plain(text, name)))))))));
}

function costs(run) {
  const cost = (spent) => (!spent.calls ? '–' : spent.unpriced_calls === spent.calls ? 'unknown' : `${dollars(spent.cost_usd)}${spent.unpriced_calls ? '*' : ''}`);
  const stages = run.stages.filter((stage) => stage.spent.calls || stage.work_ms);
  const hardened = run.stages.at(-1)?.kept ?? 0;
  const most = { cost: Math.max(...stages.map((one) => one.spent.cost_usd), 1e-12), call: Math.max(...stages.map((one) => one.call_ms), 1), work: Math.max(...stages.map((one) => one.work_ms), 1) };
  const meter = (text, part) => h('span', { class: 'meter', style: { '--part': part } }, text);
  const call = run.replayed ? 'call time, recorded' : 'call time';
  const rows = stages.map((one) => [one.stage, count(one.spent.calls), count(one.spent.prompt_tokens), count(one.spent.completion_tokens), meter(cost(one.spent), one.spent.cost_usd / most.cost), meter(one.spent.calls ? duration(one.call_ms) : '–', one.call_ms / most.call), meter(duration(one.work_ms), one.work_ms / most.work)]);
  const sum = (key) => stages.reduce((total, one) => total + one[key], 0);
  rows.push([h('strong', null, 'all'), count(run.spent.calls), count(run.spent.prompt_tokens), count(run.spent.completion_tokens), meter(cost(run.spent), 0), duration(sum('call_ms')), duration(sum('work_ms'))]);
  if (hardened) rows.push([h('strong', null, 'per hardened task'), short(run.spent.calls / hardened), count(run.spent.prompt_tokens / hardened), count(run.spent.completion_tokens / hardened), meter(cost({ ...run.spent, cost_usd: run.spent.cost_usd / hardened }), 0), duration(sum('call_ms') / hardened), duration(sum('work_ms') / hardened)]);
  return h('figure', { class: 'wide' },
    h('figcaption', null, h('h3', null, 'Cost and time'), h('p', { class: 'note' }, `Times are added up over items that ran side by side; by the clock the run took ${duration(run.elapsed_ms)}. Time in a stage has its programs, queues and calls in it.`,
      run.spent.unpriced_calls ? (run.spent.unpriced_calls === run.spent.calls ? ' No price of these models is known: set them in isomer.toml.' : ` * without ${plural(run.spent.unpriced_calls, 'call')} of unknown price`) : '')),
    h('div', { class: 'scroll' }, table(['stage', 'calls', 'tokens in', 'tokens out', run.replayed ? 'cost, recorded' : 'cost', call, 'time in stage'], rows, { class: 'costs' })));
}

function runSection(run, at, of) {
  const hardened = run.stages.at(-1)?.kept ?? 0;
  const id = of > 1 ? `run-${at + 1}` : 'run';
  return section(id, of > 1 ? `Run ${at + 1}` : 'Run',
    `${run.run}: ${run.seeds === null ? 'seeds still being read' : plural(run.seeds, 'seed')} to ${plural(hardened, 'hardened task')} with the pack ${run.pack}${run.models.length ? `, answers ${run.replayed ? 'from a recording' : `by ${run.models.map(visible).join(' and ')}`}` : ''}. ${{ complete: 'Complete.', stopped: 'Stopped; it can be resumed.', working: 'Still in progress.' }[run.state] ?? ''}`,
    funnel(run),
    rejects(run),
    costs(run),
    h('details', { class: 'numbers' }, h('summary', null, 'Settings that decide the results'), h('div', { class: 'scroll' }, table(['setting', 'value'], run.settings.map(([name, value]) => [name, h('code', null, value)])))));
}
