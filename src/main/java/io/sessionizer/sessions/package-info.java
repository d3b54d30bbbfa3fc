/** Sessions: the policy, and the two engines that form sessions of visits. Knows no Kafka. */
package io.sessionizer.sessions;
