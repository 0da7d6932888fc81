package web
import ("os";"testing";"net/url";"accord/shared/aup")
func TestShots(t *testing.T){
 f:=newRecord(t)
 os.WriteFile("/tmp/shots/visit.html", f.do("GET","/p/"+token,nil).Body.Bytes(),0o644)
 os.WriteFile("/tmp/shots/policy.html", f.do("GET","/policies/places-api",nil).Body.Bytes(),0o644)
 f.visit.Standing.State=aup.IsSuspended
 f.visit.Cases[0].State=aup.CaseSuspended
 f.visit.Cases[0].Answers=[]aup.Answer{{At:at,Text:"It was a test.\nWe stopped it."}}
 fm:=f.form(t); fm.Set("name",""); fm.Del("may-bind")
 os.WriteFile("/tmp/shots/problem.html", f.do("POST","/p/"+token+"/accept",fm).Body.Bytes(),0o644)
 os.WriteFile("/tmp/shots/gone.html", f.do("GET","/p/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",url.Values{}).Body.Bytes(),0o644)
}
