'use strict';

/** The live page: requests what is in view from the server, and draws it. All times are epoch milliseconds. */
(async () => {
  const LANE = 24;
  const STRIP = 26;
  const TOP = 44;
  const AXIS = 30;
  const byId = id => document.getElementById(id);
  const settings = await (await fetch('api/settings')).json();
  const clock = Charts.clock(settings.timeZone);
  const scroller = byId('scroller');

  /** The wanted view; follow is whether the range moves with the visits. */
  const wanted = {from: 0, to: 1, span: Number(byId('span').value), follow: true, show: 'all', text: '', paused: false};
  let pulse = null;
  let shown = null;
  let drawnPulse = '';
  let loading = false;
  let again = false;

  const lanes = Charts.create(byId('lanes'));
  const overview = Charts.create(byId('overview'));
  const bars = {durations: Charts.create(byId('durations')), pages: Charts.create(byId('pages')), hours: Charts.create(byId('hours'))};

  // ---- what the settings say

  const fill = (selector, text) => document.querySelectorAll(selector).forEach(place => { place.textContent = text; });
  fill('.gap', Charts.duration(settings.gapMillis));
  fill('.lateness', Charts.duration(settings.latenessMillis));
  fill('.disorder', Charts.duration(settings.outOfOrdernessMillis));
  fill('.zone', settings.timeZone);
  byId('source').textContent = settings.topics.visits + ' → ' + settings.topics.sessions + ' at ' + settings.brokers;

  // ---- numbers

  const rate = number => number >= 100 ? Charts.whole(Math.round(number)) : number.toFixed(1);

  const showNumbers = () => {
    const n = pulse.numbers;
    const values = {
      'visits-rate': rate(n.visitsPerSecond), 'sessions-rate': rate(n.sessionsPerSecond),
      open: Charts.whole(n.open), closed: Charts.whole(n.sessions), corrections: Charts.whole(n.corrections),
      'too-late': Charts.whole(n.tooLate), dead: Charts.whole(n.deadLetters),
      lag: pulse.watermark === null ? '–' : Charts.duration(n.newestEventTime - pulse.watermark),
      'clock-lag': pulse.watermark === null ? 'no watermark yet' : Charts.duration(pulse.now - pulse.watermark) + ' behind the clock',
    };
    for (const [id, value] of Object.entries(values)) byId(id).textContent = value;
  };

  const say = (text, isProblem = false) => {
    byId('status').textContent = text;
    byId('status').classList.toggle('problem', isProblem);
  };

  const showStatus = () => {
    if (pulse.problem) say(pulse.problem, true);
    else if (wanted.paused) say('paused');
    else if (pulse.backlog > 1000) say('reading: ' + Charts.whole(Math.round(pulse.backlog / 1000)) + ',000 records to go');
    else if (pulse.numbers.visitsRead === 0) say('waiting for visits');
    else say('live');
  };

  // ---- the range

  /** Moves on by a sixth of the span at a time, so that it is the watermark that moves, and not the picture. */
  const followVisits = () => {
    const newest = pulse.numbers.newestEventTime;
    if (newest === null) return;
    const step = wanted.span / 6;
    wanted.to = Math.ceil((newest + step / 4) / step) * step;
    wanted.from = wanted.to - wanted.span;
  };

  const showEverything = extent => {
    if (extent.length === 0) return;
    const margin = Math.max(60000, (extent[1] - extent[0]) / 40);
    wanted.from = Math.floor(extent[0] - margin);
    wanted.to = Math.ceil(extent[1] + margin + settings.gapMillis);
  };

  const follow = on => {
    wanted.follow = on;
    byId('live').setAttribute('aria-pressed', String(on));
    if (on && pulse) followVisits();
  };

  const setRange = (from, to) => {
    follow(false);
    wanted.from = Math.floor(from);
    wanted.to = Math.ceil(Math.max(to, from + 1000));
    load();
  };

  const move = share => setRange(wanted.from + share * (wanted.to - wanted.from), wanted.to + share * (wanted.to - wanted.from));
  const zoom = factor => {
    const middle = (wanted.from + wanted.to) / 2;
    const half = factor * (wanted.to - wanted.from) / 2;
    setRange(middle - half, middle + half);
  };

  // ---- requests

  const lanesInSight = () => Math.max(8, Math.min(40, Math.floor((innerHeight - 470) / LANE)));
  const firstLane = () => Math.floor(scroller.scrollTop / LANE);

  const load = async () => {
    if (loading) {
      again = true;
      return;
    }
    loading = true;
    try {
      const query = new URLSearchParams({
        from: Math.floor(wanted.from), to: Math.ceil(wanted.to), show: wanted.show, q: wanted.text, first: firstLane(),
        lanes: lanesInSight(), pixels: Math.max(1, Math.round(lanes.getWidth())),
      });
      const response = await fetch('api/view?' + query);
      if (!response.ok) throw new Error(await response.text());
      shown = await response.json();
      draw();
    } catch (problem) {
      say('no response: ' + problem.message, true);
    } finally {
      loading = false;
      if (again) {
        again = false;
        load();
      }
    }
  };

  const loadDistributions = async () => {
    const response = await fetch('api/distributions');
    if (response.ok) Charts.distributions(bars, await response.json());
  };

  // ---- drawing

  const fates = {
    OPEN: {colour: 'visit', symbol: 'circle', size: 7, text: 'in no session yet'},
    IN_SESSION: {colour: 'visit', symbol: 'circle', size: 7, text: 'in its session, on time'},
    LATE: {colour: 'late', symbol: 'diamond', size: 13, text: 'late: its session was emitted (again) because of it'},
    TOO_LATE: {colour: 'too-late', symbol: 'triangle', size: 12, text: 'too late: on ' + settings.topics.lateVisits},
  };

  const asText = bar => [
    clock.time(bar.start) + '–' + clock.time(bar.end),
    Charts.whole(bar.visits) + (bar.visits === 1 ? ' visit' : ' visits'),
    bar.revision > 1 ? 'revision ' + bar.revision : '',
    bar.late ? 'corrected' : '',
    bar.current ? '' : 'retracted' + (bar.supersededBy ? ', now in ' + bar.supersededBy : ''),
    bar.endReason && bar.endReason !== 'inactivity' ? bar.endReason : '',
  ].filter(part => part).join(', ');

  /** A rectangle from one time to another in a lane, cut where the picture ends. */
  const rectangle = (api, params, from, to, lane, height, style) => {
    const left = api.coord([from, lane]);
    const right = api.coord([to, lane]);
    const shape = echarts.graphic.clipRectByRect(
        {x: left[0] - 4, y: left[1] - height / 2, width: right[0] - left[0] + 8, height}, params.coordSys);
    return shape && {type: 'rect', shape: {...shape, r: Math.min(5, shape.width / 2)}, style};
  };

  /** An open session: from its first visit to its last one, and, paler, on to the watermark, at most to the end of the gap. */
  const drawOpen = (params, api) => {
    const [lane, start, end, watermark] = [0, 1, 2, 3].map(i => api.value(i));
    const until = Math.max(end, Math.min(watermark, end + settings.gapMillis));
    return {type: 'group', children: [
      rectangle(api, params, end, until, lane, 8, {fill: Charts.colour('open'), opacity: 0.6}),
      rectangle(api, params, start, end, lane, 14, {fill: Charts.colour('open'), stroke: Charts.colour('session')}),
    ].filter(part => part)};
  };

  const drawSession = (params, api) => {
    const [lane, start, end, kind, revision] = [0, 1, 2, 3, 4].map(i => api.value(i));
    if (kind === 2) {
      const gone = rectangle(api, params, start, end, lane, 20,
          {fill: 'transparent', stroke: Charts.colour('gone'), lineWidth: 2, lineDash: [4, 3]});
      return gone && {type: 'group', children: [gone]};
    }
    const bar = rectangle(api, params, start, end, lane, 14, {
      fill: Charts.colour('session'), stroke: kind === 1 ? Charts.colour('late') : 'transparent', lineWidth: 2});
    if (!bar) return null;
    const label = kind === 1 && {type: 'text', style: {
      text: revision > 1 ? 'rev ' + revision : 'late', x: bar.shape.x + bar.shape.width + 5, y: bar.shape.y + 1,
      fill: Charts.colour('late'), font: '600 11px system-ui, sans-serif'}};
    return {type: 'group', children: label ? [bar, label] : [bar]};
  };

  const band = (from, to, name, colour) => [
    {xAxis: from, name, itemStyle: {color: Charts.colour(colour)},
      label: {show: lanes.getWidth() > 500, position: 'insideTop', distance: -18, color: Charts.colour('quiet'), fontSize: 11}},
    {xAxis: to}];

  /** The watermark and what lies before it: the gap, and how late a visit may be. */
  const watermarkSeries = (watermark, axis) => {
    if (watermark === null) return {type: 'scatter', data: [], xAxisIndex: axis, yAxisIndex: axis};
    const closed = watermark - settings.gapMillis;
    const clip = time => Math.min(Math.max(time, wanted.from), wanted.to);
    const named = axis === 0;
    return {
      type: 'scatter', data: [], xAxisIndex: axis, yAxisIndex: axis, silent: true,
      markLine: {
        silent: true, symbol: 'none', animation: false,
        data: watermark >= wanted.from && watermark <= wanted.to ? [{xAxis: watermark}] : [],
        lineStyle: {color: Charts.colour('watermark'), width: 3, type: 'solid'},
        label: {show: named, position: 'start', distance: 22, formatter: (scroller.clientWidth < 600 ? '' : 'watermark ') + clock.time(watermark),
          color: Charts.colour('watermark'), fontWeight: 'bold', fontSize: 12},
      },
      markArea: {silent: true, animation: false, data: [
        band(clip(closed), clip(watermark), named ? 'gap' : '', 'gap'),
        band(clip(closed - settings.latenessMillis), clip(closed), named ? 'lateness' : '', 'horizon'),
      ].filter(([from, to]) => from.xAxis < to.xAxis)},
    };
  };

  const drawLanes = () => {
    const {view, watermark} = shown;
    const rows = view.lanes;
    const sight = lanesInSight();
    const narrow = scroller.clientWidth < 600;
    const left = narrow ? 78 : 190;
    const height = TOP + sight * LANE + 8 + 2 * STRIP + AXIS;
    scroller.style.height = height + 2 + 'px';
    byId('lanes').style.height = height + 'px';
    byId('canvas').style.height = height + Math.max(0, view.lanesInAll - sight) * LANE + 'px';
    lanes.resize();

    const dots = Object.fromEntries(Object.keys(fates).map(fate => [fate, []]));
    const closed = [];
    const open = [];
    rows.forEach((row, lane) => {
      row.dots.forEach(dot => dots[dot.fate].push({value: [dot.time, lane], dot, row}));
      row.sessions.forEach(bar => closed.push(
          {value: [lane, bar.start, bar.end, !bar.current ? 2 : bar.corrected ? 1 : 0, bar.revision], bar, row}));
      row.open.forEach(session => open.push({value: [lane, session.start, session.end, watermark ?? session.end], session, row}));
    });
    closed.sort((a, b) => (a.value[3] === 2) - (b.value[3] === 2));

    const strip = (items, lane) => items.map(item => ({value: [item.time, lane], item}));
    const axis = {
      type: 'time', min: wanted.from, max: wanted.to, axisLine: {show: false}, axisTick: {show: false}, splitNumber: narrow ? 3 : 8,
      splitLine: {show: true, lineStyle: {color: Charts.colour('line')}},
      axisLabel: {color: Charts.colour('quiet'), formatter: clock.axis, hideOverlap: true, showMaxLabel: false},
    };
    const scatter = (data, look, index, z) => ({
      type: 'scatter', data, symbol: look.symbol, symbolSize: look.size, xAxisIndex: index, yAxisIndex: index, z,
      itemStyle: {color: Charts.colour(look.colour), borderColor: Charts.colour('panel'), borderWidth: 1, opacity: 1}, emphasis: {scale: 1.5},
    });
    const custom = (data, renderItem, z) => ({
      type: 'custom', data, renderItem, z, encode: {x: [1, 2], y: 0}, clip: true,
    });
    lanes.setOption({
      animation: false, textStyle: Charts.text(),
      tooltip: Charts.tooltip(describe),
      grid: [
        {left, right: 14, top: TOP, height: sight * LANE, outerBoundsMode: 'none'},
        {left, right: 14, top: TOP + sight * LANE + 8, height: 2 * STRIP, show: true, borderColor: Charts.colour('line'), outerBoundsMode: 'none'},
      ],
      xAxis: [{...axis, gridIndex: 0, axisLabel: {show: false}}, {...axis, gridIndex: 1}],
      yAxis: [
        {type: 'category', gridIndex: 0, inverse: true, triggerEvent: true,
          data: Array.from({length: sight}, (_, lane) => ({value: rows[lane] ? rows[lane].visitId : ''})),
          axisTick: {show: false}, axisLine: {lineStyle: {color: Charts.colour('line')}},
          axisLabel: {interval: 0, color: Charts.colour('text'), width: left - 12, overflow: 'truncate', fontSize: 11}},
        {type: 'category', gridIndex: 1, inverse: true, data: ['too late', 'dead letters'],
          axisTick: {show: false}, axisLine: {show: false}, axisLabel: {interval: 0, color: Charts.colour('text'), fontSize: 11}},
      ],
      series: [
        watermarkSeries(watermark, 0),
        watermarkSeries(watermark, 1),
        custom(open, drawOpen, 2),
        custom(closed, drawSession, 3),
        scatter(dots.IN_SESSION, fates.IN_SESSION, 0, 5),
        scatter(dots.OPEN, fates.OPEN, 0, 5),
        scatter(dots.TOO_LATE, fates.TOO_LATE, 0, 6),
        scatter(dots.LATE, fates.LATE, 0, 7),
        scatter(strip(view.tooLate, 0), {symbol: 'triangle', size: 13, colour: 'too-late'}, 1, 5),
        scatter(strip(view.dead, 1), {symbol: 'rect', size: 11, colour: 'dead'}, 1, 5),
      ],
    }, {replaceMerge: ['series']});
  };

  /** What a thing in the picture is, when pointed at. */
  const describe = ({data}) => {
    if (!data) return '';
    if (data.dot) {
      return 'visit ' + clock.full(data.dot.time) + '\n' + (data.dot.page ?? '(no page)') + '\n' + data.row.visitId + '\n' + fates[data.dot.fate].text;
    }
    if (data.bar) return 'session ' + data.bar.key + '\n' + asText(data.bar);
    if (data.session) {
      return 'open session of ' + data.row.visitId + '\n' + clock.time(data.session.start) + '–' + clock.time(data.session.end) + ', '
          + Charts.whole(data.session.visits) + ' visits so far\ncloses when the watermark is at '
          + clock.time(data.session.end + settings.gapMillis);
    }
    return excludedAsText(data.item);
  };

  const excludedAsText = item => item.reason.replace(/(\d+) ms$/, (_, millis) => Charts.duration(Number(millis)))
      + (item.count > 1 ? ' (and ' + (item.count - 1) + ' more here)' : '') + '\n' + clock.full(item.time);

  const drawOverview = () => {
    const {from, step, visits, late, dead} = shown.overview;
    const to = from + step * visits.length;
    const series = (data, colour) => ({
      type: 'bar', stack: 'all', barWidth: '95%', large: true, data: data.map((count, i) => [from + (i + 0.5) * step, count]),
      itemStyle: {color: Charts.colour(colour)}, silent: true});
    overview.setOption({
      animation: false, textStyle: Charts.text(),
      grid: {left: 14, right: 14, top: 6, height: 26, outerBoundsMode: 'none'},
      xAxis: {type: 'time', min: from, max: Math.max(to, from + 1), axisLabel: {show: false}, axisTick: {show: false},
        axisLine: {lineStyle: {color: Charts.colour('line')}}},
      yAxis: {type: 'value', show: false},
      dataZoom: [{type: 'slider', top: 34, height: 24, left: 14, right: 14, filterMode: 'none', brushSelect: false, showDataShadow: false,
        startValue: wanted.from, endValue: wanted.to, labelFormatter: value => clock.axis(Math.round(value)),
        textStyle: {color: Charts.colour('quiet')}, borderColor: Charts.colour('line'), fillerColor: Charts.colour('gap')}],
      series: [series(visits.map((count, i) => count - late[i]), 'session'), series(late, 'late'), series(dead, 'dead')],
    });
  };

  // ---- the same as text

  let wordsDrawn = '';

  const drawWords = () => {
    if (!byId('words').open) return;
    const {lanes: rows, tooLate, dead} = shown.view;
    const text = JSON.stringify([rows, tooLate, dead]);
    if (text === wordsDrawn) return;
    wordsDrawn = text;
    const focused = document.activeElement?.dataset?.position;
    byId('rows').replaceChildren(...rows.map(rowAsText));
    byId('left-out').replaceChildren(
        ...tooLate.map(item => excludedItem('too late', item)), ...dead.map(item => excludedItem('dead letter', item)));
    if (focused) [...document.querySelectorAll('[data-position]')].find(button => button.dataset.position === focused)?.focus();
  };

  const recordButton = (text, position) => {
    const button = Charts.element('button', text, {type: 'button', 'data-position': JSON.stringify(position)});
    button.addEventListener('click', () => showRecord(position));
    return button;
  };

  const rowAsText = row => {
    const tr = Charts.element('tr');
    const cell = (text, parts) => {
      const td = Charts.element('td', text);
      td.append(...parts);
      tr.append(td);
    };
    tr.append(Charts.element('th', row.visitId, {scope: 'row'}));
    cell(row.userId ?? '', []);
    cell(String(row.dots.length), []);
    cell('', row.sessions.map(bar => recordButton(asText(bar), bar.position)));
    cell(row.open.map(session => clock.time(session.start) + '–' + clock.time(session.end) + ', ' + session.visits
        + (session.visits === 1 ? ' visit' : ' visits')).join('; '), []);
    cell('', row.dots.filter(dot => dot.fate === 'LATE' || dot.fate === 'TOO_LATE').map(dot =>
        recordButton(clock.time(dot.time) + ' ' + (dot.page ?? '') + (dot.fate === 'LATE' ? ': late' : ': too late'), dot.position)));
    return tr;
  };

  const excludedItem = (what, item) => {
    const entry = Charts.element('li', what + ': ');
    entry.append(recordButton(excludedAsText(item).replace('\n', ', '), item.position));
    return entry;
  };

  const draw = () => {
    const {view, watermark} = shown;
    drawLanes();
    drawOverview();
    drawWords();
    performance.mark('picture');
    const first = firstLane();
    byId('shown').textContent = view.lanesInAll === 0
        ? 'No visits ' + (wanted.text ? 'of such an id' : 'in this time')
        : 'Lanes ' + Charts.whole(first + 1) + ' to ' + Charts.whole(first + view.lanes.length) + ' of ' + Charts.whole(view.lanesInAll)
          + ', the newest first; ' + clock.full(wanted.from) + ' to ' + clock.full(wanted.to) + ' ' + settings.timeZone
          + (watermark === null ? '' : '; watermark ' + clock.full(watermark) + ' (estimated)');
  };

  // ---- a record

  const showRecord = async position => {
    const response = await fetch('api/record?' + new URLSearchParams(position));
    const record = response.ok ? await response.json() : null;
    const parts = byId('record-parts');
    parts.replaceChildren();
    const part = (name, value) => parts.append(Charts.element('dt', name), Charts.element('dd', value));
    byId('record-title').textContent = position.topic + ', partition ' + position.partition + ', offset ' + position.offset;
    if (record) {
      part('key', record.key ?? record.key_base64 ?? '(none)');
      part('written', clock.full(record.timestamp));
      for (const [name, value] of Object.entries(record.headers)) part(name, value ?? '(none)');
      byId('record-value').textContent = record.value === null && !record.value_base64 ? '(no value: a tombstone)'
          : record.value === undefined || record.value === null ? 'base64: ' + record.value_base64 : String(record.value);
    } else {
      byId('record-value').textContent = await response.text();
    }
    byId('record').showModal();
  };

  // ---- what a user does

  lanes.on('click', event => {
    const thing = event.data && (event.data.dot ?? event.data.bar ?? event.data.item);
    if (thing) showRecord(thing.position);
    else if (event.targetType === 'axisLabel' && event.value) search(event.value);
  });

  overview.on('datazoom', () => {
    const {startValue, endValue} = overview.getOption().dataZoom[0];
    setRange(startValue, endValue);
  });

  let sinceScrolled = 0;
  scroller.addEventListener('scroll', () => {
    cancelAnimationFrame(sinceScrolled);
    sinceScrolled = requestAnimationFrame(load);
  });

  scroller.addEventListener('keydown', event => {
    const actions = {ArrowLeft: () => move(-0.25), ArrowRight: () => move(0.25), '+': () => zoom(0.5), '-': () => zoom(2)};
    if (actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
    }
  });

  const search = async text => {
    byId('search').value = text;
    wanted.text = text.trim();
    scroller.scrollTop = 0;
    if (!wanted.text) {
      follow(true);
      await load();
      return;
    }
    follow(false);
    await load();
    showEverything(shown.extent);
    await load();
  };

  let sinceTyped = 0;
  byId('search').addEventListener('input', () => {
    clearTimeout(sinceTyped);
    sinceTyped = setTimeout(() => search(byId('search').value), 200);
  });
  byId('controls').addEventListener('submit', event => event.preventDefault());
  byId('show').addEventListener('change', () => {
    wanted.show = byId('show').value;
    scroller.scrollTop = 0;
    load();
  });
  byId('span').addEventListener('change', async () => {
    if (byId('span').value === 'all') {
      follow(false);
      showEverything([shown.overview.from, shown.overview.from + shown.overview.step * shown.overview.visits.length]);
    } else {
      wanted.span = Number(byId('span').value);
      follow(true);
    }
    load();
  });
  byId('earlier').addEventListener('click', () => move(-0.5));
  byId('later').addEventListener('click', () => move(0.5));
  byId('zoom-in').addEventListener('click', () => zoom(0.5));
  byId('zoom-out').addEventListener('click', () => zoom(2));
  byId('live').addEventListener('click', () => {
    follow(true);
    load();
  });
  byId('pause').addEventListener('click', () => {
    wanted.paused = !wanted.paused;
    byId('pause').setAttribute('aria-pressed', String(wanted.paused));
    byId('pause').textContent = wanted.paused ? 'Resume' : 'Pause';
    if (pulse) showStatus();
  });
  byId('words').addEventListener('toggle', () => shown && drawWords());
  addEventListener('resize', () => load());
  Charts.theme(byId('theme'), () => {
    if (shown) draw();
    loadDistributions();
  });

  // ---- live

  const live = new EventSource('api/live');
  live.onmessage = event => {
    const now = JSON.parse(event.data);
    if (wanted.paused) return;
    pulse = now;
    showNumbers();
    showStatus();
    const state = pulse.numbers.version + ' ' + pulse.watermark;
    if (state === drawnPulse) return;
    drawnPulse = state;
    if (wanted.follow) followVisits();
    load();
  };
  live.onerror = () => say('the program does not respond: has it stopped?', true);
  loadDistributions();
  setInterval(() => wanted.paused || loadDistributions(), 5000);
})();
