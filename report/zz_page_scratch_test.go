package report
import ("testing";"os")
func TestScratchPage(t *testing.T){
 run,files:=syntheticRun(t,60)
 os.WriteFile("/tmp/pagework/synthetic.html",[]byte(writePage(t,run,files)),0o644)
}
