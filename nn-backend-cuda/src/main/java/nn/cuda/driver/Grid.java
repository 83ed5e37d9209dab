package nn.cuda.driver;

/** The blocks of a launch, and the threads of each block. */
public record Grid(int blocksX, int blocksY, int threadsX, int threadsY) {

  /** Along one axis. */
  public static Grid line(int blocks, int threads) {
    return new Grid(blocks, 1, threads, 1);
  }
}
