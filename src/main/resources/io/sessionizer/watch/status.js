'use strict';

/** The state of the job, and its numbers. */
const Status = settings => {
  const byId = id => document.getElementById(id);
  const clock = Charts.clock(settings.timeZone);
  const HALF_A_DAY = 43200000;
  const BACKLOG = 1000;

  /** A time of the wall clock, with the day if that is another one. */
  const when = (time, now) => (Math.abs(now - time) < HALF_A_DAY ? clock.time(time) : clock.full(time)) + ' ' + settings.timeZone;
  const ago = (time, now) => Charts.duration(Math.max(0, Math.floor((now - time) / 1000)) * 1000).replace(/^0 ms$/, '0 s') + ' ago';
  const visits = count => Charts.whole(count) + (count === 1 ? ' visit' : ' visits');

  const show = (kind, text, detail) => {
    const status = byId('status');
    if (status.textContent !== text) status.textContent = text; // Else screen readers would repeat it.
    status.className = kind;
    byId('status-detail').textContent = detail;
  };

  const lastCommit = (job, now) => job.groupProblem ? 'The offsets of the group ' + job.group + ' cannot be read: ' + job.groupProblem + '.'
      : job.lastCommit !== null ? 'Last commit of the group ' + job.group + ' at ' + when(job.lastCommit, now) + ' (' + ago(job.lastCommit, now) + ').'
        : job.partitions.some(partition => partition.committed !== null) ? 'No commit of the group ' + job.group + ' since this page was started.'
          : 'The group ' + job.group + ' has committed nothing yet.';
  const lastResult = (job, now) => job.lastResult === null ? 'No result was written yet.'
      : 'Last result written at ' + when(job.lastResult, now) + ' (' + ago(job.lastResult, now) + ').';
  const reports = (job, now) => lastCommit(job, now) + ' ' + lastResult(job, now);

  /** A sentence about each state of the job. */
  const states = {
    CONNECTING: () => ['waiting', 'connecting to the broker', 'No response of ' + settings.brokers + ' yet.'],
    BROKER_AWAY: (job, now) => ['problem', 'broker not reachable since ' + when(job.since, now),
      'This page shows what it read before, and resumes by itself once ' + settings.brokers + ' responds.'],
    NO_VISITS: (job, now) => ['waiting', 'waiting for visits', (settings.topics.visits.length === 1
        ? 'The topic ' + settings.topics.visits[0] + ' has no records. '
        : 'The topics ' + settings.topics.visits.join(', ') + ' have no records. ') + reports(job, now)],
    NOT_SEEN: (job, now) => ['problem', job.lastCommit === null && job.lastResult === null ? 'job not seen yet' : 'job not seen since ' + when(job.since, now),
      (job.lag > 0 ? 'Visits were written after the last report: the job may have stopped, or may use another consumer group. '
        : 'The job committed without new visits as well, and no longer does: it may have stopped. ') + reports(job, now)],
    REPORT_EXPECTED: (job, now) => ['waiting', 'waiting for a report of the job', reports(job, now)],
    SEEN: (job, now) => ['live', 'live', reports(job, now)],
    NO_NEW_VISITS: (job, now) => ['waiting', 'no new visits since ' + when(job.since, now),
      'Without new visits it is not known whether the job is running. ' + reports(job, now)],
  };

  const showJob = pulse => {
    const {job, now} = pulse;
    if (job.state === 'BROKER_AWAY' || job.state === 'NOT_SEEN') {
      show(...states[job.state](job, now));
    } else if (pulse.problem) {
      show('problem', 'topics not readable', pulse.problem);
    } else if (pulse.backlog > BACKLOG) {
      show('waiting', 'reading the backlog', Charts.whole(pulse.backlog) + ' records to read. ' + reports(job, now));
    } else {
      show(...states[job.state](job, now));
    }
  };

  const rate = counts => {
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    return mean >= 100 ? Charts.whole(Math.round(mean)) : mean.toFixed(1);
  };

  const sparkline = (id, counts) => {
    const most = Math.max(1, ...counts);
    byId(id).firstElementChild.setAttribute('points', counts.map((count, i) => i + ',' + (15 - 14 * count / most).toFixed(1)).join(' '));
  };

  const row = (cells, head) => {
    const tr = Charts.element('tr');
    tr.append(Charts.element('th', head, {scope: 'row'}), ...cells.map(cell => Charts.element('td', cell)));
    return tr;
  };

  const showPartitions = ({job, now}) => {
    byId('reports').textContent = reports(job, now) + ' The lag is the end offset minus the committed offset. '
        + 'Some runners commit a visit only when they read the next ones, and nothing while no visits arrive.';
    byId('partition-rows').replaceChildren(...job.partitions.map(partition => row([
      Charts.whole(partition.end),
      partition.committed === null ? '–' : Charts.whole(partition.committed),
      job.groupProblem ? '–' : Charts.whole(partition.lag),
      partition.committedAt === null ? '–' : when(partition.committedAt, now),
      partition.watermark === null || Math.abs(partition.watermark) > 8.64e15 ? '–' : clock.full(partition.watermark) + (partition.idle ? ' (idle)' : ''),
    ], settings.topics.visits.length === 1 ? String(partition.partition) : partition.topic + '-' + partition.partition)));
  };

  const showNumbers = pulse => {
    const n = pulse.numbers;
    const noWatermark = pulse.watermark === null;
    const values = {
      'visits-rate': rate(n.visitsPerSecond), 'sessions-rate': rate(n.sessionsPerSecond),
      open: Charts.whole(n.open), closed: Charts.whole(n.sessions), corrections: Charts.whole(n.corrections),
      'too-late': Charts.whole(n.tooLate), dead: Charts.whole(n.deadLetters),
      'watermark-lag': noWatermark ? '–' : Charts.duration(n.newestEventTime - pulse.watermark),
      'clock-lag': noWatermark ? 'no watermark yet' : 'behind the newest visit; ' + Charts.duration(pulse.now - pulse.watermark) + ' behind the clock',
      lag: pulse.job.groupProblem || pulse.job.partitions.length === 0 ? '–' : Charts.whole(pulse.job.lag),
    };
    for (const [id, value] of Object.entries(values)) byId(id).textContent = value;
    document.querySelectorAll('.since').forEach(place => {
      place.textContent = n.resultsSince === null ? 'none written yet' : 'since ' + when(n.resultsSince, pulse.now);
    });
    sparkline('visits-minute', n.visitsPerSecond);
    sparkline('sessions-minute', n.sessionsPerSecond);
    showPartitions(pulse);
  };

  const showPulse = pulse => {
    showNumbers(pulse);
    showJob(pulse);
  };

  const showPaused = pulse => show('paused', 'paused at ' + when(pulse.now, pulse.now),
      'All of this page is as it was then, also when you scroll, search or sort. Records and explanations are read when you open them.');

  const showDisconnected = since => show('problem', 'no response since ' + when(since, Date.now()),
      'The program that serves this page does not respond: has it stopped? The page shows what it received before.');

  const showFailure = text => show('problem', 'no response', text);

  return {showDisconnected, showFailure, showPaused, showPulse, visits};
};
