/** The counters of a job, and its HTTP endpoint: metrics for Prometheus, and health. */
package io.sessionizer.metrics;
