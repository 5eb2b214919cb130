import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;

public class UserDao {
    public static Connection conn = null;

    public static Connection getConn() throws Exception {
        if (conn == null) {
            conn = DriverManager.getConnection("jdbc:mysql://localhost:3306/test", "root", "");
        }
        return conn;
    }

    // returns null if not found
    public String getUser(String id) {
        String res = null;
        try {
            Statement st = getConn().createStatement();
            ResultSet rs = st.executeQuery("SELECT * FROM users WHERE id = " + id);
            if (rs.next()) {
                res = rs.getString(2);
            }
        } catch (Exception e) {
            e.printStackTrace();
        }
        return res;
    }

    public void deleteUser(String id) {
        try {
            Statement st = getConn().createStatement();
            st.executeUpdate("DELETE FROM users WHERE id = " + id);
        } catch (Exception e) {
            e.printStackTrace();
        }
    }
}
