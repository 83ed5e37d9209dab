package nn.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;
import com.tngtech.archunit.lang.syntax.elements.ClassesThat;
import org.junit.jupiter.api.Test;

/** Who may know whom. The rules stand in this module because its class path holds the others. */
class ArchitectureTest {
  private static final String CPU = "nn.cpu..";
  private static final String CUDA = "nn.cuda..";
  private static final String REFERENCE = "nn.backend.reference..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("nn");

  @Test
  void everyModuleIsSeen() {
    assertThat(CLASSES)
        .extracting(JavaClass::getPackageName)
        .contains("nn.expr", "nn.cpu", "nn.cuda", "nn.bench", "nn.examples.cli");
  }

  @Test
  void theCpuBackendIsKnownToItselfAlone() {
    check(outside(CPU).resideInAPackage(CPU));
  }

  @Test
  void theCudaBackendIsKnownToItselfAlone() {
    check(outside(CUDA).resideInAPackage(CUDA));
  }

  @Test
  void theVectorApiIsUsedByTheCpuBackendAlone() {
    check(outside(CPU).resideInAPackage("jdk.incubator.vector.."));
  }

  @Test
  void jcudaIsUsedByTheCudaBackendAlone() {
    check(outside(CUDA).resideInAPackage("jcuda.."));
  }

  @Test
  void applicationsNameNoBackend() {
    check(inside("nn.examples..", "nn.bench..").resideInAnyPackage(CPU, CUDA, REFERENCE));
  }

  /** Pictures are drawn by nn-examples; what measures stays light. */
  @Test
  void benchmarksDrawNothing() {
    check(inside("nn.bench..").resideInAnyPackage("org.knowm.xchart..", "java.awt..", "javax.."));
  }

  @Test
  void modelPartsTouchBuffersThroughTensorsAlone() {
    for (String type : new String[] {"Backend", "Buffer", "Command", "Operand"}) {
      check(inside("nn.layer..", "nn.loss..", "nn.optim..").areAssignableTo("nn.backend." + type));
    }
  }

  private static ClassesThat<ClassesShouldConjunction> outside(String room) {
    return noClasses().that().resideOutsideOfPackage(room).should().dependOnClassesThat();
  }

  private static ClassesThat<ClassesShouldConjunction> inside(String... rooms) {
    return noClasses().that().resideInAnyPackage(rooms).should().dependOnClassesThat();
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }
}
