/** What is computed: sessions, how visits become them, and their JSON. Knows no Kafka. */
package io.sessionizer.sessions;
