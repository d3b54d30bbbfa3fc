/**
 * The verification of a job's output: a program of its own, which shares with the job the parser of
 * visits and the contract of the records, and neither the engines nor Beam.
 */
package io.sessionizer.verify;
