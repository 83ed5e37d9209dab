package nn.cuda;

/** A piece of work with everything that it needs, to be given to the stream any number of times. */
@FunctionalInterface
interface Launch {

  /** Gives the work to the stream; does not wait for it. */
  void run();
}
