/** Tests of the repository's own files: documentation, scripts, manifests, jars. */
package io.sessionizer.repository;
