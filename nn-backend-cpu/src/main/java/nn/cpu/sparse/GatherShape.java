package nn.cpu.sparse;

import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;
import java.util.List;
import nn.cpu.codegen.FloatCode;
import nn.cpu.codegen.Species;

/**
 * What is constant in a {@link GatherKernel}.
 *
 * @param distances of the vectors, from the beginning of a patch on
 * @param channels that are summed up together; with the vectors, at most {@link #MOST_SUMS}
 * @param step from a window's values to the next one's
 * @param columns elements of a channel's columns
 */
record GatherShape(List<Integer> distances, int channels, int step, int columns)
    implements KernelShape<GatherKernel> {
  /** With the value and what is read, what fits in 16 or 32 registers. */
  static final int MOST_SUMS = Species.LANES >= 16 ? 16 : 12;

  private static final int WARM_WINDOWS = 24;
  private static final int STAGE = 1;
  private static final int WINDOWS = 2;
  private static final int CANDIDATES = 3;
  private static final int VALUES = 4;
  private static final int VALUES_AT = 5;
  private static final int CHOICES = 6;
  private static final int CHOICES_AT = 7;
  private static final int COLUMNS = 8;
  private static final int COLUMNS_AT = 9;
  private static final int FIRST_FREE = 10;

  @Override
  public String name() {
    return "Gather" + channels + "x" + distances.size();
  }

  @Override
  public Class<GatherKernel> type() {
    return GatherKernel.class;
  }

  @Override
  public MethodTypeDesc parameters() {
    return MethodTypeDesc.of(
        CD_void,
        CD_float.arrayType(),
        CD_int.arrayType(),
        CD_int.arrayType(),
        CD_float.arrayType(),
        CD_int,
        CD_byte.arrayType(),
        CD_int,
        CD_float.arrayType(),
        CD_int);
  }

  /**
   * Columns are in local variables, which C2 keeps in vector registers:
   *
   * <pre>
   *   for c, v: sum[c, v] = columns[c, v]
   *   for each window:
   *     for c: x = broadcast its value
   *            for v: sum[c, v] = fma(x, stage[place + distance[v]], sum[c, v])
   *   for c, v: columns[c, v] = sum[c, v]
   * </pre>
   */
  @Override
  public void emit(CodeBuilder code) {
    FloatCode floats = new FloatCode(code, FIRST_FREE);
    int vectors = distances.size();
    int sums = floats.slots(channels * vectors);
    for (int i = 0; i < channels * vectors; i++) {
      floats.load(COLUMNS, COLUMNS_AT, column(i));
      code.astore(sums + i);
    }
    int window = floats.slots(1);
    int first = floats.slots(1);
    int end = floats.slots(1);
    int x = floats.slots(1);
    int place = floats.slots(1);
    code.iconst_0().istore(window);
    code.aload(WINDOWS).arraylength().loadConstant(step).imul();
    code.iload(VALUES_AT).iadd().istore(end);
    floats.loopInSteps(
        VALUES_AT,
        end,
        step,
        () -> {
          code.aload(WINDOWS).iload(window).iaload().istore(first);
          for (int c = 0; c < channels; c++) {
            load(code, floats, c, first, x, place);
            for (int v = 0; v < vectors; v++) {
              code.aload(x);
              floats.load(STAGE, place, distances.get(v));
              code.aload(sums + c * vectors + v);
              floats.fma();
              code.astore(sums + c * vectors + v);
            }
          }
          code.iload(CHOICES_AT).loadConstant(step).iadd().istore(CHOICES_AT);
          code.iinc(window, 1);
        });
    for (int i = 0; i < channels * vectors; i++) {
      code.aload(sums + i);
      floats.store(COLUMNS, COLUMNS_AT, column(i));
    }
    code.return_();
  }

  private int column(int sum) {
    return sum / distances.size() * columns + sum % distances.size() * Species.LANES;
  }

  /** A channel's value, and the place of the patch that it belongs to. */
  private static void load(
      CodeBuilder code, FloatCode floats, int channel, int first, int x, int place) {
    floats.broadcast(() -> {
      code.aload(VALUES);
      floats.place(VALUES_AT, channel);
      code.faload();
    });
    code.astore(x);
    code.iload(first).aload(CANDIDATES).aload(CHOICES);
    floats.place(CHOICES_AT, channel);
    code.baload().sipush(0xff).iand().iaload().iadd().istore(place);
  }

  @Override
  public Runnable trial(GatherKernel kernel) {
    float[] stage = new float[Collections.max(distances) + Species.LANES];
    int[] nowhere = new int[WARM_WINDOWS];
    float[] values = new float[WARM_WINDOWS * step];
    byte[] choices = new byte[values.length];
    float[] sums = new float[channels * columns];
    return () -> kernel.run(stage, nowhere, nowhere, values, 0, choices, 0, sums, 0);
  }
}
