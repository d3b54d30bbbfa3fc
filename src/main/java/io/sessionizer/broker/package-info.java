/** A single Kafka broker in a process of its own, for a laptop and the tests. */
package io.sessionizer.broker;
