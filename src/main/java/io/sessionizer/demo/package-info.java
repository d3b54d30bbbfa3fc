/** The demo: broker, generator, job and a consumer of its sessions, on one machine. */
package io.sessionizer.demo;
