package nn.bench;

import nn.backend.Backend;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Adds up time by the device's own clock, beside the host's, which JMH reads. JMH begins each
 * window with zeros and reports the fields by their names.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class DeviceClock {
  static final String NANOS = "deviceNanos";
  static final String OPERATIONS = "deviceOperations";

  public long deviceNanos;
  public long deviceOperations;

  /** Runs an operation of a benchmark and waits for its end. */
  void time(Backend device, Runnable operation) {
    deviceNanos += device.time(operation);
    deviceOperations++;
  }
}
