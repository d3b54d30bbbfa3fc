/**
 * The contract of the topics: positions, session ids, and what a record of each topic holds. Knows
 * neither Beam nor Kafka.
 */
package io.sessionizer.records;
