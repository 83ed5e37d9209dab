package nn.cpu.sparse;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;
import java.util.Optional;
import nn.cpu.codegen.FloatCode;
import nn.cpu.codegen.Species;

/**
 * What a {@link StackingKernel} puts side by side.
 *
 * @param rows of a window, at least 2
 * @param run terms of a row
 * @param distance from a row to the next, more than a run
 */
record StackingShape(int rows, int run, int distance) implements KernelShape<StackingKernel> {
  private static final int WARM_PIXELS = 24;

  /** As many rows as a vector holds, if it is several and they lie evenly. */
  static Optional<StackingShape> of(SparseTables tables) {
    int[] terms = tables.terms();
    int run = tables.run(0);
    int rows = Math.min(terms.length, Species.LANES) / run;
    if (rows < 2) {
      return Optional.empty();
    }
    int distance = terms[run] - terms[0];
    boolean even = distance > run && terms[0] == 0;
    for (int row = 0; even && row * run < terms.length; row++) {
      even = terms[row * run] == row * distance && tables.run(row * run) == run;
    }
    return even ? Optional.of(new StackingShape(rows, run, distance)) : Optional.empty();
  }

  @Override
  public String name() {
    return "Stacking" + rows + "x" + run;
  }

  @Override
  public Class<StackingKernel> type() {
    return StackingKernel.class;
  }

  @Override
  public MethodTypeDesc parameters() {
    return MethodTypeDesc.of(CD_void, CD_float.arrayType(), CD_int, CD_int, CD_int);
  }

  /**
   * Each row is loaded from so far before its beginning that it comes to lie in its lanes; the rows
   * above it cover the lanes before them.
   */
  @Override
  public void emit(CodeBuilder code) {
    int memory = 1;
    int image = 2;
    int to = 3;
    int pixels = 4;
    FloatCode floats = new FloatCode(code, 5);
    int masks = floats.slots(rows);
    for (int row = 0; row < rows - 1; row++) {
      floats.firstLanes((row + 1) * run);
      code.astore(masks + row);
    }
    int at = floats.slots(1);
    floats.loop(
        pixels,
        pixel -> {
          code.iload(image).iload(pixel).iadd().istore(at);
          floats.within(memory, at, (rows - 1) * (distance - run) + Species.LANES);
          floats.load(memory, at, (rows - 1) * (distance - run));
          for (int row = rows - 2; row >= 0; row--) {
            floats.load(memory, at, row * (distance - run));
            floats.blend(masks + row);
          }
          floats.store(memory, to, 0);
          code.iinc(to, Species.LANES);
        });
    code.return_();
  }

  @Override
  public Runnable trial(StackingKernel kernel) {
    int image = WARM_PIXELS * Species.LANES;
    float[] memory = new float[image + WARM_PIXELS + rows * distance + Species.LANES];
    return () -> kernel.run(memory, image, 0, WARM_PIXELS);
  }
}
