package nn.tck;

import nn.backend.Backend;

/**
 * One thing that a backend has to do right. Cases know nothing of each other and can be run in any
 * order.
 */
public interface Case {
  /** Says what is tested; no two cases share a name. */
  String name();

  Verb verb();

  /** Tries it on a backend. Whatever the backend throws becomes a failure. */
  Outcome run(Backend backend);
}
