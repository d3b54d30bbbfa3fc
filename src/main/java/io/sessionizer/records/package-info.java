/**
 * The contract of the topics: positions, session ids, names of headers and fields, and the record
 * of each topic, written and read by one type. Neither Beam nor Kafka is imported.
 */
package io.sessionizer.records;
